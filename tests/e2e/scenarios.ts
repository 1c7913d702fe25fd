import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../support/reference-paths.ts";

/** The scenario scripts: each file is one, see driver.py. */
const PYTHON_FOLDER = join(import.meta.dirname, "python");

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

/**
 * A copy of the scripts whose place does not depend on the checkout's: task keys and tracebacks name the file they come
 * from, and what the reference leaves behind is kept between checkouts.
 */
export async function placedScripts(): Promise<string> {
  const place = join(cacheFolder(), "scenarios", harnessHash());
  if (existsSync(place)) return place;
  const unfinished = `${place}.${randomUUID()}`;
  await cp(PYTHON_FOLDER, unfinished, { recursive: true });
  // Whoever comes second finds it there and leaves its own copy.
  await rename(unfinished, place).catch(() => rm(unfinished, { recursive: true }));
  return place;
}

/** Changes when any scenario or the way it is run and summarised does. */
export function harnessHash(): string {
  const hash = createHash("sha256");
  const own = ["scenarios.ts", "summary.ts", "run-scenarios.ts"].map((name) => join(import.meta.dirname, name));
  const python = [DRIVER, ...scenarios.map((name) => `${name}.py`)].map((name) => join(PYTHON_FOLDER, name));
  for (const path of [...own, ...python]) hash.update(readFileSync(path));
  return hash.digest("hex").slice(0, 16);
}
