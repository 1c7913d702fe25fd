import type { FastifyRequest } from "fastify";
import { authorize, isOpen } from "./auth.ts";
import type { ServerContext } from "./context.ts";
import { checkCsrf } from "./csrf.ts";
import { admitToPage } from "./pages/sign-in.ts";
import { Reply, type Route } from "./route.ts";
import { createHostCheck } from "./trusted-hosts.ts";

/** A route at its place: an operation of the API, or a page for people. */
export interface PlacedRoute {
  readonly route: Route;
  readonly mount: string;
  readonly isPage: boolean;
}

/** Looks at a request before its body is read; an answer is given in place of the route's. */
export type Admission = (request: FastifyRequest) => Promise<Reply | undefined>;

/** What a route asks of requests; undefined where it asks for nothing. */
export function admissionTo(ctx: ServerContext, { route, isPage }: PlacedRoute): Admission | undefined {
  const { auth_string, csrf_protection_enabled } = ctx.settings.server.api;
  if (isPage) return auth_string === null ? undefined : async ({ headers }) => admitToPage(ctx, headers);
  if (auth_string === null && !csrf_protection_enabled) return undefined;
  return async ({ headers }) => {
    if (isOpen(route.method, route.path)) return undefined;
    if (csrf_protection_enabled) await checkCsrf(ctx, route.method, headers);
    authorize(ctx, headers, route);
    return undefined;
  };
}

/** Refuses requests for hosts this server does not answer to, but for probes, which ask for an address. */
export function hostRefusal(ctx: ServerContext, mount: string): (request: FastifyRequest) => Reply | undefined {
  const isTrusted = createHostCheck(ctx.settings);
  return ({ method, url, headers }) => {
    if (isTrusted(headers.host)) return undefined;
    const [path = ""] = url.split("?", 1);
    const isProbe = method === "GET" && path.startsWith(mount) && isOpen(method, path.slice(mount.length));
    return isProbe ? undefined : new Reply(400, "Invalid host header", { "content-type": "text/plain; charset=utf-8" });
  };
}
