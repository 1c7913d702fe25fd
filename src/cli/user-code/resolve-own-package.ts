import { registerHooks } from "node:module";
import { ownModule } from "../../kit/own-files.ts";

/** The package's doors, as this very process has them: another copy would not recognise its flows. */
const DOORS = new Map(
  ["sdk", "client", "testing"].map((layer) => [
    layer === "sdk" ? "prefect" : `prefect/${layer}`,
    ownModule(`${layer}/index`).href,
  ]),
);

export interface UserCodeOptions {
  /** Told of every file of the user's that is loaded, packages aside. */
  readonly onFile?: (url: URL) => void;
}

/**
 * From now on `import "prefect"` in users' files means this package, wherever they lie. A file loaded with a
 * `revision` in its URL hands it on to the files it imports, so that all of them are loaded anew.
 */
export function resolveOwnPackage({ onFile }: UserCodeOptions = {}): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const door = DOORS.get(specifier);
      if (door !== undefined) return { url: door, shortCircuit: true };
      const resolved = nextResolve(specifier, context);
      const url = URL.parse(resolved.url);
      if (url?.protocol !== "file:" || url.pathname.includes("/node_modules/")) return resolved;
      const revision = revisionOf(url.href) ?? revisionOf(context.parentURL);
      if (revision === undefined) return resolved;
      onFile?.(url);
      url.searchParams.set("revision", revision);
      return { ...resolved, url: url.href };
    },
  });
}

function revisionOf(url: string | undefined): string | undefined {
  return (url !== undefined && URL.parse(url)?.searchParams.get("revision")) || undefined;
}
