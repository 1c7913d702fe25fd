import { spawn } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { text } from "node:stream/consumers";
import type { Ended } from "../support/prefect-cli.ts";

const ROOT: string = join(import.meta.dirname, "..", "..");
const LEFT_OUT = new Set([".git", "node_modules", "dist", "result"]);

/** Where everything of one test run with Nix lies: a store of its own, the stand-in for nixpkgs, a home. */
export interface NixPlaces {
  readonly folder: string;
  readonly path: string;
}

const PLACES_ENV = "PREFECT_TS_TEST_NIX";

/** Tells the test workers. */
export function publishPlaces(places: NixPlaces): void {
  process.env[PLACES_ENV] = JSON.stringify(places);
}

export function nixPlaces(): NixPlaces {
  const places = process.env[PLACES_ENV];
  if (places === undefined) throw new Error("Run these tests with `npm run test:nix`.");
  return JSON.parse(places);
}

/** The stand-in for nixpkgs, as flakes and as everything else takes it. */
export function standIn(): { readonly flake: readonly string[]; readonly pkgs: string } {
  const folder = join(nixPlaces().folder, "nixpkgs");
  return {
    flake: ["--no-write-lock-file", "--override-input", "nixpkgs", `path:${folder}`],
    pkgs: `import ${folder} { }`,
  };
}

/**
 * What Nix finds: its own store, no sandbox, no cache, no configuration of this machine's or its user's, and hardly any
 * environment.
 */
export function nixEnvironment({ folder, path }: NixPlaces): Record<string, string> {
  const settings = [
    "experimental-features = nix-command flakes",
    "sandbox = false",
    "build-users-group =",
    "substitute = false",
    "warn-dirty = false",
  ];
  return {
    PATH: path,
    HOME: join(folder, "home"),
    TMPDIR: join(folder, "tmp"),
    NIX_STORE_DIR: join(folder, "store"),
    NIX_STATE_DIR: join(folder, "state"),
    NIX_LOG_DIR: join(folder, "log"),
    NIX_CONF_DIR: join(folder, "conf"),
    NIX_REMOTE: "local",
    NIX_CONFIG: settings.join("\n"),
  };
}

export interface InFolder {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program (`nix`, `nix-build`) to its end. */
export async function run(program: string, args: readonly string[], { cwd, env }: InFolder): Promise<Ended> {
  const environment = { ...nixEnvironment(nixPlaces()), ...env };
  const child = spawn(program, args, { cwd, env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve(code ?? -1));
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

/** The same, and gives what it printed, without the line's end; throws with all of its words when it fails. */
export async function succeed(program: string, args: readonly string[], where: InFolder): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, where);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${stdout}\n${stderr}`);
  return stdout.trimEnd();
}

/** Copies the repository as it lies here, without what is made from it. */
export function copyRepository(target: string): string {
  cpSync(ROOT, target, {
    recursive: true,
    filter: (source) =>
      !relative(ROOT, source)
        .split("/")
        .some((part) => LEFT_OUT.has(part)),
  });
  return target;
}

/** Writes the stand-in for nixpkgs, made of the tools that `machine` names, and the folders Nix needs. */
export function makePlaces(places: NixPlaces, machine: Readonly<Record<string, string>>): void {
  const attributes = Object.entries(machine).map(([name, value]) => `  ${name} = ${JSON.stringify(value)};\n`);
  for (const name of ["home", "tmp", "state", "store"]) mkdirSync(join(places.folder, name), { recursive: true });
  cpSync(join(import.meta.dirname, "nixpkgs"), join(places.folder, "nixpkgs"), { recursive: true });
  writeFileSync(join(places.folder, "nixpkgs", "machine.nix"), `{\n${attributes.join("")}}\n`);
}
