import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The scenario scripts: each file is one, see driver.py. */
export const PYTHON_FOLDER = join(import.meta.dirname, "python");

const DRIVER = "driver.py";

/** Module names, for example `retried_task`, in alphabetical order. */
export const scenarios: readonly string[] = readdirSync(PYTHON_FOLDER)
  .filter((name) => name.endsWith(".py") && name !== DRIVER)
  .map((name) => name.slice(0, -".py".length))
  .sort();

/** What the names of a scenario's flows begin with. */
export function flowPrefix(scenario: string): string {
  return scenario.replaceAll("_", "-");
}

/** Changes when any scenario or the way it is run and summarised does. */
export function harnessHash(): string {
  const hash = createHash("sha256");
  const own = ["scenarios.ts", "summary.ts", "run-scenarios.ts"].map((name) => join(import.meta.dirname, name));
  const python = [DRIVER, ...scenarios.map((name) => `${name}.py`)].map((name) => join(PYTHON_FOLDER, name));
  for (const path of [...own, ...python]) hash.update(readFileSync(path));
  return hash.digest("hex").slice(0, 16);
}
