import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { FlowDefinition } from "../definitions.ts";

/** The version a flow was given, else a hash of its source file; null when there is no file to read. */
export async function flowVersion({ options, callSite }: FlowDefinition): Promise<string | null> {
  if (options.version !== undefined) return options.version;
  if (!callSite) return null;
  try {
    return createHash("md5")
      .update(await readFile(callSite.file))
      .digest("hex");
  } catch {
    return null;
  }
}
