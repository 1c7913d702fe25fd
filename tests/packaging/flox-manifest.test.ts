import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, globSync, mkdirSync, readFileSync, realpathSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/disposable.ts";
import { FloxEnvironment, FloxManifest } from "./flox-manifest.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const manifests = globSync("{.flox,*/.flox}/env/manifest.toml", { cwd: ROOT });

const readManifest = (path: string) => FloxManifest.parse(parse(readFileSync(join(ROOT, path), "utf8")));

test("there is a Flox environment", () => {
  expect(manifests).toContain(".flox/env/manifest.toml");
});

describe.each(manifests)("%s", (path) => {
  test("has nothing but what Flox documents, on all four systems", () => {
    expect(readManifest(path).options.systems).toHaveLength(4);
  });

  test("lies beside the description of its environment", () => {
    const environment = JSON.parse(readFileSync(join(ROOT, dirname(dirname(path)), "env.json"), "utf8"));

    expect(FloxEnvironment.safeParse(environment)).toMatchObject({ success: true });
  });
});

describe("activating the environment of this checkout", () => {
  const hook = readManifest(".flox/env/manifest.toml").hook?.["on-activate"] ?? "";

  /** What a shell of the activated environment prints; npm is one that only says how it was called. */
  function activate(project: string, command: string): string {
    const tools = join(project, "tools");
    program(join(tools, "npm"), 'echo "npm $*"');
    const env = { PATH: `${tools}:/usr/bin:/bin`, FLOX_ENV_PROJECT: project };
    return execFileSync("bash", ["--norc", "-euc", `${hook}\n${command}`], { env, encoding: "utf8" });
  }

  function program(path: string, text: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
  }

  function checkout(project: string, installedAt: number): void {
    writeFileSync(join(project, "package-lock.json"), "{}");
    utimesSync(join(project, "package-lock.json"), 1_000, 1_000);
    program(join(project, "bin", "prefect"), "echo sources");
    mkdirSync(join(project, "node_modules"));
    writeFileSync(join(project, "node_modules", ".package-lock.json"), "{}");
    utimesSync(join(project, "node_modules", ".package-lock.json"), installedAt, installedAt);
  }

  test("gives the checkout's prefect, with its packages installed when they are older than the lockfile", async () => {
    await using fresh = await temporaryFolder();
    await using stale = await temporaryFolder();
    checkout(fresh.path, 2_000);
    checkout(stale.path, 500);

    expect(activate(fresh.path, "prefect")).toBe("sources\n");
    expect(activate(stale.path, "prefect")).toBe(`npm ci --prefix ${stale.path} --no-audit --no-fund\nsources\n`);
  });

  test("gives the prefect that Flox has built, and its package to import", async () => {
    await using project = await temporaryFolder();
    const result = join(project.path, "result-prefect");
    checkout(project.path, 500);
    program(join(result, "bin", "prefect"), "echo built");
    const resolver = join("share", "prefect", "resolve-prefect.mjs");
    cpSync(join(ROOT, "packaging", "nix", "resolve-prefect.mjs"), join(result, resolver));

    const printed = activate(project.path, 'prefect; echo "$NODE_OPTIONS"');

    expect(printed).toBe(`built\n--import=${realpathSync(result)}/${resolver}\n`);
  });
});
