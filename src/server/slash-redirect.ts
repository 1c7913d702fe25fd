import { pathPattern } from "./path-pattern.ts";
import { Reply, type Route } from "./route.ts";

/** Finds the operation that a path misses by its trailing slash; undefined when there is none. */
export type SlashRedirect = (request: { readonly origin: string; readonly url: string }) => Reply | undefined;

/** Sends a path with one slash too many or too few where it belongs, method and body kept. */
export function slashRedirect(routes: readonly Route[], mount: string): SlashRedirect {
  let known: RegExp | undefined;
  return ({ origin, url }) => {
    const [path = "", ...query] = url.split("?");
    const other = path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
    known ??= new RegExp(`^(?:${routes.map((route) => pathPattern(mount + route.path)).join("|")})$`);
    if (!known.test(other)) return undefined;
    const search = query.length > 0 ? `?${query.join("?")}` : "";
    return new Reply(307, undefined, { location: `${origin}${other}${search}` });
  };
}
