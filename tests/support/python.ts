import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryFolder } from "./disposable.ts";
import { cacheFolder, type ReferenceVersion, referencePython } from "./reference-paths.ts";

const run = promisify(execFile);

/** The environment of this process without its PREFECT_* variables, plus `extra`. */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("PREFECT_"));
  return { ...Object.fromEntries(inherited), PREFECT_SERVER_ANALYTICS_ENABLED: "false", ...extra };
}

/** Runs Python code (`python -c`) with that release of `prefect` importable, in an empty PREFECT_HOME; gives its stdout. */
export async function runPython(
  version: ReferenceVersion,
  code: string,
  options: { readonly env?: Readonly<Record<string, string>>; readonly args?: readonly string[] } = {},
): Promise<string> {
  await using home = await temporaryFolder();
  const env = cleanEnvironment({ PREFECT_HOME: home.path, ...options.env });
  const arguments_ = ["-c", code, ...(options.args ?? [])];
  const { stdout } = await run(referencePython(version), arguments_, { env, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** The text stored under `name` in the cache folder, made by `make` the first time. */
export async function cached(name: string, make: () => Promise<string>): Promise<string> {
  const path = join(cacheFolder(), "answers", name);
  const stored = await readFile(path, "utf8").catch(() => undefined);
  if (stored !== undefined) return stored;
  const made = await make();
  await mkdir(join(path, ".."), { recursive: true });
  // Two workers may make the same answer: each writes its own file, the last rename wins.
  const unfinished = `${path}.${randomUUID()}`;
  await writeFile(unfinished, made);
  await rename(unfinished, path);
  return made;
}

/** The OpenAPI document that release generates. */
export async function referenceOpenApi(
  version: ReferenceVersion = "3.9.1",
): Promise<Readonly<Record<string, unknown>>> {
  const code =
    "import json; from prefect.server.api.server import create_app; print(json.dumps(create_app().openapi()))";
  const text = await cached(`openapi-${version}.json`, () => runPython(version, code));
  return JSON.parse(text) as Record<string, unknown>;
}
