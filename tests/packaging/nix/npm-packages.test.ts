import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Lockfile, listNeeded, runsSomewhere } from "../../../packaging/nix/npm-packages.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const lockfile: Lockfile = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));

describe("the packages that are needed", () => {
  const packages = {
    "": { dependencies: { a: "1" }, devDependencies: { tool: "1", other: "1" } },
    "node_modules/a": { dependencies: { b: "1" } },
    "node_modules/a/node_modules/b": { dependencies: { c: "1" }, peerDependencies: { absent: "1" } },
    "node_modules/b": {},
    "node_modules/c": { peerDependencies: { a: "1", peer: "1" } },
    "node_modules/other": {},
    "node_modules/peer": {},
    "node_modules/tool": { optionalDependencies: { "tool-linux": "1", "tool-win32": "1" } },
    "node_modules/tool-linux": {},
    "node_modules/tool-win32": {},
  };

  test("are the dependencies and all they need, each from where Node would load it", () => {
    expect(listNeeded({ packages }, [])).toEqual([
      "node_modules/a",
      "node_modules/a/node_modules/b",
      "node_modules/c",
      "node_modules/peer",
    ]);
  });

  test("are a named tool's, too, in every platform's form", () => {
    expect(listNeeded({ packages }, ["tool"])).toEqual(
      expect.arrayContaining(["node_modules/tool", "node_modules/tool-linux", "node_modules/tool-win32"]),
    );
  });
});

test.each([
  { allowed: {}, runs: true },
  { allowed: { os: ["linux"], cpu: ["arm64"] }, runs: true },
  { allowed: { os: ["darwin"], cpu: ["x64"] }, runs: true },
  { allowed: { os: ["!win32"] }, runs: true },
  { allowed: { os: ["!linux", "!darwin"] }, runs: false },
  { allowed: { os: ["win32"] }, runs: false },
  { allowed: { os: ["linux"], cpu: ["riscv64"] }, runs: false },
])("a package for $allowed runs on one of the four systems: $runs", ({ allowed, runs }) => {
  expect(runsSomewhere(allowed)).toBe(runs);
});

test("the lockfile has the integrity of everything that the Nix package is built from", () => {
  const expression = readFileSync(join(ROOT, ".flox", "pkgs", "prefect.nix"), "utf8");
  const [, listed = ""] = /buildTools = \[(.*?)\]/s.exec(expression) ?? [];
  const tools = [...listed.matchAll(/"(.*?)"/g)].map(([, name = ""]) => name);
  const needed = listNeeded(lockfile, tools).filter((path) => runsSomewhere(lockfile.packages[path] ?? {}));

  expect(tools).toContain("typescript");
  expect(needed.filter((path) => lockfile.packages[path]?.integrity === undefined)).toEqual([]);
});
