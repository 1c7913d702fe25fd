import { pathPattern } from "./path-pattern.ts";
import type { Method, Route } from "./route.ts";

/** The methods a path is known to; none for an unknown path. `url` may have a query. */
export type AllowedMethods = (url: string) => readonly Method[];

/** Asked only about requests that no route took, so nothing is made ready before the first of them. */
export function allowedMethods(routes: readonly Route[], mount: string): AllowedMethods {
  let patterns: readonly (readonly [Method, RegExp])[] | undefined;
  return (url) => {
    patterns ??= routes.map(({ method, path }) => [method, new RegExp(`^${pathPattern(mount + path)}$`)]);
    const [path = ""] = url.split("?", 1);
    return [...new Set(patterns.filter(([, pattern]) => pattern.test(path)).map(([method]) => method))];
  };
}
