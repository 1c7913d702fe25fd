// The npm packages that the Nix build needs: those of `dependencies`, some tools, and what these need in turn, as
// package-lock.json has them. Runs on nothing but Node and npm.
//
//   node npm-packages.ts fetch <repository> <folder> [tool...]
//     puts their tarballs into the folder: whatever runs on one of SYSTEMS, each as the lockfile's integrity says
//   node npm-packages.ts project <repository> <tarballs> <folder> [tool...]
//     makes the folder a project in which `npm ci --offline` installs from these tarballs
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SYSTEMS = { os: ["linux", "darwin"], cpu: ["x64", "arm64"] };

type Versions = Readonly<Record<string, string>>;

interface Manifest {
  readonly dependencies?: Versions;
  readonly devDependencies?: Versions;
  readonly optionalDependencies?: Versions;
  readonly peerDependencies?: Versions;
}

export interface LockedPackage extends Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly integrity?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface Places {
  readonly repository: string;
  readonly tarballs: string;
  readonly folder: string;
}

/** Puts one tarball per needed package into `folder`; throws when one is not what the lockfile says. */
function fetchPackages(repository: string, folder: string, tools: readonly string[]): void {
  const { lockfile } = readRepository(repository);
  const needed = listNeeded(lockfile, tools)
    .map((path) => packageAt(lockfile, path))
    .filter(runsSomewhere);
  mkdirSync(folder, { recursive: true });
  const arriving = mkdtempSync(join(tmpdir(), "npm-packages-"));
  const specs = [...new Set(needed.map(({ name, version }) => `${name}@${version}`))];
  const output = execFileSync(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--loglevel=error", "--pack-destination", arriving, ...specs],
    {
      cwd: arriving,
      encoding: "utf8",
      maxBuffer: 2 ** 30,
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const arrived = Object.values(JSON.parse(output) as Record<string, { id: string; filename: string }>);
  for (const entry of needed) {
    const filename = arrived.find(({ id }) => id === `${entry.name}@${entry.version}`)?.filename;
    const target = join(folder, tarballName(entry));
    if (existsSync(target)) continue;
    if (filename === undefined) throw new Error(`npm did not fetch ${entry.name}@${entry.version}.`);
    renameSync(join(arriving, filename), target);
    checkIntegrity(target, entry);
  }
  rmSync(arriving, { recursive: true });
}

/** Writes a package.json and a package-lock.json whose packages are found among the tarballs. */
function makeProject(places: Places, tools: readonly string[]): void {
  const { repository, tarballs, folder } = places;
  const { manifest, lockfile } = readRepository(repository);
  const chosen = only(manifest, tools);
  const packages: Record<string, object> = {
    "": { ...lockfile.packages[""], ...only(lockfile.packages[""] ?? {}, tools) },
  };
  for (const path of listNeeded(lockfile, tools)) {
    const entry = packageAt(lockfile, path);
    const tarball = join(tarballs, tarballName(entry));
    if (runsSomewhere(entry) && !existsSync(tarball))
      throw new Error(`${tarball} is missing: run scripts/update-version.`);
    packages[path] = { ...lockfile.packages[path], resolved: `file:${tarball}` };
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify(chosen));
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ ...lockfile, packages }));
}

/** The manifest with these tools as its only development dependencies, and with no optional ones. */
function only(manifest: Manifest, tools: readonly string[]): Manifest {
  const { devDependencies = {}, optionalDependencies: _, ...rest } = manifest;
  const chosen = Object.entries(devDependencies).filter(([name]) => tools.includes(name));
  return { ...rest, devDependencies: Object.fromEntries(chosen) };
}

/** Paths in the lockfile (`node_modules/a/node_modules/b`), sorted; peers count where the lockfile has them. */
export function listNeeded({ packages }: Lockfile, tools: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const visit = (from: string, name: string) => {
    const path = lookUp(packages, from, name);
    if (path === undefined || found.has(path)) return;
    found.add(path);
    const { dependencies, optionalDependencies, peerDependencies } = packages[path] ?? {};
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
      visit(path, next);
  };
  for (const name of [...Object.keys(packages[""]?.dependencies ?? {}), ...tools]) visit("", name);
  return [...found].sort();
}

/** Where Node would find `name` from inside the package at `from`: in its own folder, or in one further up. */
function lookUp(packages: Lockfile["packages"], from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf("/node_modules/"), 0))) {
    const path = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (packages[path] !== undefined) return path;
    if (folder === "") return undefined;
  }
}

type NamedPackage = LockedPackage & { readonly name: string; readonly version: string };

function packageAt({ packages }: Lockfile, path: string): NamedPackage {
  const entry = packages[path];
  if (entry?.version === undefined) throw new Error(`package-lock.json has no version for ${path}.`);
  const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  return { name, ...entry, version: entry.version };
}

/** On at least one of the four systems. */
export function runsSomewhere({ os = [], cpu = [] }: LockedPackage): boolean {
  return allowsAny(os, SYSTEMS.os) && allowsAny(cpu, SYSTEMS.cpu);
}

/** `allowed` is npm's notation: empty is everything, `!win32` everything else. */
function allowsAny(allowed: readonly string[], wanted: readonly string[]): boolean {
  const named = allowed.filter((name) => !name.startsWith("!"));
  return wanted.some((name) => !allowed.includes(`!${name}`) && (named.length === 0 || named.includes(name)));
}

function tarballName({ name, version }: NamedPackage): string {
  return `${name.replace("/", "+")}-${version}.tgz`;
}

function checkIntegrity(file: string, { name, version, integrity }: NamedPackage): void {
  if (integrity === undefined) throw new Error(`package-lock.json has no integrity for ${name}@${version}.`);
  const algorithm = integrity.slice(0, integrity.indexOf("-"));
  const actual = `${algorithm}-${createHash(algorithm).update(readFileSync(file)).digest("base64")}`;
  if (actual !== integrity) throw new Error(`${name}@${version} is ${actual}; package-lock.json has ${integrity}.`);
}

function readRepository(folder: string): { readonly manifest: Manifest; readonly lockfile: Lockfile } {
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));
  return { manifest: read("package.json"), lockfile: read("package-lock.json") };
}

if (import.meta.main) {
  const [action, repository = "", ...rest] = process.argv.slice(2);
  if (action === "fetch") {
    const [folder = "", ...tools] = rest;
    fetchPackages(repository, folder, tools);
  } else if (action === "project") {
    const [tarballs = "", folder = "", ...tools] = rest;
    makeProject({ repository, tarballs, folder }, tools);
  } else {
    throw new Error(`Unknown action ${action}.`);
  }
}
