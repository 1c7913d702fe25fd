const IS_SOURCE = import.meta.url.endsWith(".ts");
// src/ in a clone; dist/ in the package, where all that several entries share is in dist/chunks/.
const ROOT = new URL("../", import.meta.url);

/** The URL of one of the package's entries (`scripts/bundle.ts`) by its path in `src/`, without an extension. */
export function ownModule(path: string): URL {
  return new URL(`${path}.${IS_SOURCE ? "ts" : "js"}`, ROOT);
}

/** The URL of the command line's launcher. */
export const ownLauncher: URL = new URL("../bin/prefect", ROOT);
