import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const path = join(import.meta.dirname, "..", "..", "package-lock.json");
const { packages } = JSON.parse(readFileSync(path, "utf8")) as { packages: Readonly<Record<string, LockedPackage>> };

// `npm ci` refuses a lockfile without them, and npm leaves out those that the registry at hand did not have.
test("the lockfile lists the optional packages of every platform", () => {
  const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies));

  expect(wanted.filter((name) => packages[`node_modules/${name}`]?.version === undefined)).toEqual([]);
});

test("the lockfile names no registry", () => {
  expect(Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});
