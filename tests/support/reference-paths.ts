import { homedir } from "node:os";
import { join } from "node:path";

/** The reference's releases we compare with: the API level we implement, one before it, the oldest client we serve. */
export const REFERENCE_VERSIONS = ["3.9.1", "3.8.8", "3.1.7"] as const;
/** Those whose client is called method by method: the same, and two between. */
export const CLIENT_VERSIONS = [...REFERENCE_VERSIONS, "3.6.29", "3.4.25"] as const;
export type ReferenceVersion = (typeof CLIENT_VERSIONS)[number];

/** What is slow to make and never changes is kept here between runs, outside the checkout. */
export function cacheFolder(): string {
  const { PREFECT_TS_CACHE, XDG_CACHE_HOME } = process.env;
  return PREFECT_TS_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "prefect-ts");
}

export function referenceFolder(version: ReferenceVersion): string {
  return join(cacheFolder(), `reference-${version}`);
}

/** The Python interpreter that has `prefect` of that release. */
export function referencePython(version: ReferenceVersion): string {
  return join(referenceFolder(version), "bin", "python");
}
