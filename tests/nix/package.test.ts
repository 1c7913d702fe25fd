import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, test } from "vitest";
import { freePort, stopProcess, waitUntil } from "../support/disposable.ts";
import { missing } from "../support/require.ts";
import { copyRepository, nixEnvironment, nixPlaces, run, standIn, succeed } from "./nix.ts";

const SYSTEMS = ["aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux"];
const BUILD_MS = 240_000;
const EXPRESSION = join(".flox", "pkgs", "prefect.nix");

describe.skipIf(missing("nix"))("the Nix package", { timeout: BUILD_MS }, () => {
  let repository: string;
  let version: string;
  /** The store path of the package. */
  let built: string;
  /** The Node it runs on. */
  let node: string;

  const inRepository = () => ({ cwd: repository });

  beforeAll(async () => {
    repository = copyRepository(join(nixPlaces().folder, "repository"));
    version = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")).version;
    await succeed("nix", ["build", ...standIn().flake, "--out-link", "result", ".#prefect"], inRepository());
    built = await succeed("readlink", ["-f", "result"], inRepository());
    node = /^exec (\S+)/m.exec(readFileSync(join(built, "bin", "prefect"), "utf8"))?.[1] ?? "";
  }, BUILD_MS);

  test("its apps are the command line and the server", async () => {
    const { flake } = standIn();

    const told = await succeed("nix", ["run", ...flake, ".#prefect", "--", "--version"], inRepository());
    const usage = await succeed(
      "nix",
      ["run", ...flake, ".#prefect-server", "--", "server", "start", "--help"],
      inRepository(),
    );

    expect(told).toBe(version);
    expect(usage).toContain("--port");
  });

  test("the flake offers the same for all four systems", async () => {
    const shown = JSON.parse(await succeed("nix", ["flake", "show", "--json", ...standIn().flake], inRepository()));

    expect(Object.keys(shown).sort()).toEqual(["apps", "checks", "devShells", "overlays", "packages"]);
    for (const [output, names] of Object.entries({
      apps: ["default", "prefect", "prefect-server"],
      checks: ["prefect", "server"],
      devShells: ["default"],
      packages: ["default", "prefect", "prefect-release"],
    })) {
      expect(Object.keys(shown[output]).sort()).toEqual(SYSTEMS);
      for (const system of SYSTEMS) expect(Object.keys(shown[output][system]).sort()).toEqual(names);
    }
    expect(Object.keys(shown.overlays)).toEqual(["default"]);
  });

  test("the flake's lockfile fits its inputs", async () => {
    await succeed("nix", ["flake", "metadata", "--no-update-lock-file", `path:${repository}`], inRepository());
  });

  test("its npm packages are one and the same for all four systems", async () => {
    const paths = SYSTEMS.map((system) =>
      succeed("nix", ["eval", "--raw", ...standIn().flake, `.#packages.${system}.prefect.downloads`], inRepository()),
    );

    expect(new Set(await Promise.all(paths)).size).toBe(1);
  });

  test("another flake uses it as an input, and as an overlay", async () => {
    const other = join(nixPlaces().folder, "other");
    await mkdir(other);
    writeFileSync(
      join(other, "flake.nix"),
      `{
        inputs.prefect.url = "path:${repository}";
        inputs.prefect.inputs.nixpkgs.url = "path:${nixPlaces().folder}/nixpkgs";
        outputs = { self, prefect }: {
          used = prefect.packages.x86_64-linux.prefect.outPath;
          overlaid = (prefect.overlays.default
            (prefect.inputs.nixpkgs.legacyPackages.x86_64-linux) { }).prefect.outPath;
        };
      }`,
    );

    const paths = ["used", "overlaid"].map((name) =>
      succeed("nix", ["eval", "--raw", "--no-write-lock-file", `path:${other}#${name}`], { cwd: other }),
    );

    expect(new Set(await Promise.all(paths)).size).toBe(1);
  });

  test.skipIf(process.arch !== "x64")("nix-build makes the very same", async () => {
    const made = await succeed("nix-build", ["--no-out-link", "--arg", "pkgs", standIn().pkgs], inRepository());

    expect(made).toBe(built);
  });

  // Flox copies the repository and calls each file of .flox/pkgs with nixpkgs and no arguments.
  test("Flox's way of calling makes the very same", async () => {
    const call = `
      let files = "\${builtins.path { path = ${repository}; name = "checkout"; }}/.flox/pkgs";
      in builtins.mapAttrs
        (name: _: ((${standIn().pkgs}).callPackage "\${files}/\${name}" { }).outPath)
        (builtins.readDir files)`;

    const paths = await succeed("nix", ["eval", "--impure", "--json", "--expr", call], inRepository());

    expect(JSON.parse(paths)).toEqual({
      "prefect.nix": built,
      "prefect-release.nix": expect.stringContaining(`prefect-release-${version}`),
    });
  });

  test("it is the same when it is built again, and from another folder", async () => {
    const elsewhere = copyRepository(join(nixPlaces().folder, "elsewhere", "with another name"));

    await succeed("nix", ["build", "--rebuild", "--no-link", ...standIn().flake, ".#prefect"], inRepository());
    const path = await succeed("nix", ["eval", "--raw", ...standIn().flake, ".#prefect.outPath"], { cwd: elsewhere });

    expect(path).toBe(built);
  });

  test("an empty hash is answered with the right one, which is the one that is recorded", async () => {
    const updated = copyRepository(join(nixPlaces().folder, "updated"));
    const expression = readFileSync(join(updated, EXPRESSION), "utf8");
    const recorded = /^ {2}hash = "(.*)";$/m.exec(expression)?.[1];
    writeFileSync(join(updated, EXPRESSION), expression.replace(/^ {2}hash = ".*";$/m, '  hash = "";'));

    const { code, stderr } = await run("nix", ["build", "--no-link", ...standIn().flake, ".#prefect"], {
      cwd: updated,
    });

    expect(code).not.toBe(0);
    expect(/got: +(sha256-\S+)/.exec(stderr)?.[1]).toBe(recorded);
  });

  test("a package that is not what the lockfile says is refused by its name", async () => {
    const forged = copyRepository(join(nixPlaces().folder, "forged"));
    const lockfile = JSON.parse(readFileSync(join(forged, "package-lock.json"), "utf8"));
    lockfile.packages["node_modules/ws"].integrity = lockfile.packages["node_modules/pg"].integrity;
    writeFileSync(join(forged, "package-lock.json"), JSON.stringify(lockfile));

    const { code, stderr } = await run("nix", ["build", "--no-link", ...standIn().flake, ".#prefect"], { cwd: forged });

    expect(code).not.toBe(0);
    expect(stderr).toMatch(/ws@[\d.]+ is sha512-\S+; package-lock\.json has sha512-/);
  });

  test("a version that package.json does not have is refused", async () => {
    const torn = copyRepository(join(nixPlaces().folder, "torn"));
    const expression = readFileSync(join(torn, EXPRESSION), "utf8");
    writeFileSync(join(torn, EXPRESSION), expression.replace(`version = "${version}"`, 'version = "0.0.1"'));

    const { code, stderr } = await run("nix", ["eval", ...standIn().flake, ".#prefect.outPath"], { cwd: torn });

    expect(code).not.toBe(0);
    expect(stderr).toContain("scripts/update-version");
  });

  test("the development shell has prefect, Node, and the package to import, in every folder", async () => {
    const folder = join(nixPlaces().folder, "empty folder");
    await mkdir(folder);
    const program = 'import("prefect").then(({ flow, version }) => console.log(typeof flow, version))';
    const shell = (command: readonly string[]) =>
      succeed("nix", ["develop", ...standIn().flake, `path:${repository}`, "-c", ...command], { cwd: folder });

    expect(await shell(["prefect", "--version"])).toBe(version);
    expect(await shell(["node", "-e", program])).toMatch(/^function \d+\.\d+\.\d+$/);
  });

  test("the flake's own check of the server passes", async () => {
    await succeed("nix", ["build", "--no-link", ...standIn().flake, ".#checks.x86_64-linux.server"], inRepository());
  });

  test("a server and a flow run from the store, and write nothing but what is in PREFECT_HOME", async () => {
    const places = nixPlaces();
    const make = (name: string) => join(places.folder, `user's ${name}`);
    const [home, cwd, temporary] = [make("home"), make("folder"), make("temporary")] as const;
    for (const folder of [home, cwd, temporary]) await mkdir(folder);
    const port = String(await freePort());
    const env = {
      PATH: places.path,
      HOME: home,
      TMPDIR: temporary,
      PREFECT_HOME: join(places.folder, "user's prefect"),
      PREFECT_API_URL: `http://127.0.0.1:${port}/api`,
      NODE_OPTIONS: `--import=${built}/share/prefect/resolve-prefect.mjs`,
    };
    const server = spawn(join(built, "bin", "prefect-server"), ["server", "start", "--port", port], { cwd, env });
    const log = Promise.all([text(server.stdout), text(server.stderr)]);
    const ask = async (path: string, init?: RequestInit) =>
      (await fetch(`${env.PREFECT_API_URL}${path}`, init)).json() as Promise<unknown>;
    await waitUntil("the server is healthy", () => ask("/health").catch(() => false));

    const program = `import { flow, version } from "prefect";
      await flow({ name: "from the store" }, async () => version)();`;
    const { code } = await run(node, ["--input-type=module", "-e", program], { cwd: home, env });
    const runs = await ask("/flow_runs/filter", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    await stopProcess(server, "SIGTERM", 15_000);

    expect(code).toBe(0);
    expect(runs).toMatchObject([{ state_type: "COMPLETED" }]);
    expect(server.exitCode, (await log).join("\n")).toBe(0);
    for (const folder of [home, cwd, temporary]) expect(readdirSync(folder)).toEqual([]);
    await succeed("nix-store", ["--verify-path", built], { cwd: places.folder, env: nixEnvironment(places) });
  });

  test("the released tarball gives the same commands, by its version and hash", async () => {
    const folder = join(nixPlaces().folder, "released");
    await mkdir(folder);
    await succeed("npm", ["pack", "--silent", "--pack-destination", folder, join(built, "lib/node_modules/prefect")], {
      cwd: folder,
    });
    const build = (hash: string) => {
      const call = `(${standIn().pkgs}).callPackage ${repository}/.flox/pkgs/prefect-release.nix {
        prefectRelease = { version = "${version}"; hash = "${hash}"; tarball = ${folder}/prefect-${version}.tgz; }; }`;
      return run("nix", ["build", "--impure", "--out-link", "release", "--expr", call], { cwd: folder });
    };

    const refused = await build("");
    const accepted = await build(/got: +(sha256-\S+)/.exec(refused.stderr)?.[1] ?? "");

    expect(refused.code).not.toBe(0);
    expect(accepted).toMatchObject({ code: 0 });
    expect(await succeed(join(folder, "release", "bin", "prefect"), ["--version"], { cwd: folder })).toBe(version);
    await succeed("diff", ["-r", join(folder, "release", "lib"), join(built, "lib")], { cwd: folder });
  });
});
