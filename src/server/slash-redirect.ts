import { pathPattern } from "./path-pattern.ts";
import { Reply, type Route } from "./route.ts";

/** Finds the operation that a path misses by its trailing slash; undefined when there is none. */
export type SlashRedirect = (url: string) => Reply | undefined;

/**
 * Sends a path with one slash too many or too few where it belongs, method and body kept. The target is told from where
 * the client is: it holds behind any proxy, and tells nobody how this server is called behind it.
 */
export function slashRedirect(routes: readonly Route[], mount: string): SlashRedirect {
  if (routes.length === 0) return () => undefined;
  let known: RegExp | undefined;
  return (url) => {
    const [path = "", ...query] = url.split("?");
    const other = path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
    known ??= new RegExp(`^(?:${routes.map((route) => pathPattern(mount + route.path)).join("|")})$`);
    if (!known.test(other)) return undefined;
    const search = query.length > 0 ? `?${query.join("?")}` : "";
    const segments = path.split("/");
    const target = path.endsWith("/") ? `../${segments.at(-2)}` : `./${segments.at(-1)}/`;
    return new Reply(307, undefined, { location: target + search });
  };
}
