import type { ReferenceVersion } from "./reference-paths.ts";

/** What a test may need from the machine. Each is looked for once per run, in tests/global-setup.ts. */
export type Requirement = "postgresql" | `reference-${ReferenceVersion}` | "nix";

const MISSING_ENV = "PREFECT_TS_TEST_MISSING";

/** Requirement → why it is missing and how to get it. */
export type Missing = Partial<Record<Requirement, string>>;

/** True where nothing may be skipped: CI=true. */
export function mustHaveEverything(env: NodeJS.ProcessEnv = process.env): boolean {
  return env.CI === "true" || env.CI === "1";
}

/** Tells the test workers what this machine lacks. Throws instead when CI=true. */
export function publishMissing(missing: Missing): void {
  const lines = Object.entries(missing).map(([name, why]) => `  ${name}: ${why}`);
  process.env[MISSING_ENV] = JSON.stringify(missing);
  if (lines.length === 0) return;
  if (mustHaveEverything()) throw new Error(`CI=true, but the tests cannot have:\n${lines.join("\n")}`);
  const rule = "!".repeat(100);
  process.stderr.write(`${rule}\nTESTS WILL BE SKIPPED, this machine lacks:\n${lines.join("\n")}\n${rule}\n`);
}

/** Why something of `requirements` cannot be had here; undefined when all is there: `describe.skipIf(missing("postgresql"))`. */
export function missing(...requirements: readonly Requirement[]): string | undefined {
  const known = JSON.parse(process.env[MISSING_ENV] ?? "{}") as Missing;
  return requirements.map((requirement) => known[requirement]).find((why) => why !== undefined);
}

/** What tests on a database need besides: nothing for SQLite. */
export function databaseRequirements(database: "sqlite" | "postgresql"): readonly Requirement[] {
  return database === "postgresql" ? ["postgresql"] : [];
}
