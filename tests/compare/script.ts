import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Api } from "./api.ts";

/** One sequence of requests, run on an empty database. A thrown error ends it, on both servers alike. */
export interface Script {
  readonly name: string;
  readonly run: (api: Api) => Promise<void>;
}

/** The scripts of one file. */
export interface ScriptFile {
  readonly resource: string;
  /** Changes when the file or the harness does: names the recorded answers of the reference. */
  readonly hash: string;
  readonly scripts: readonly Script[];
}

const HARNESS = ["api.ts", "normalise.ts", "recording.ts", "script.ts", "scripts/common.ts"].map(
  (name) => new URL(name, import.meta.url),
);

export function script(name: string, run: Script["run"]): Script {
  return { name, run };
}

/** `urls`: the script file's `import.meta.url`, or of all files that the scripts are made of. */
export function scriptFile(urls: string | readonly string[], resource: string, scripts: readonly Script[]): ScriptFile {
  const hash = createHash("sha256");
  for (const file of [...HARNESS, urls].flat()) hash.update(readFileSync(fileURLToPath(file)));
  return { resource, hash: hash.digest("hex").slice(0, 16), scripts };
}
