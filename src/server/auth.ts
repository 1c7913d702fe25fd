import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { ServerContext } from "./context.ts";
import { Unauthorized } from "./errors.ts";

/** `GET` of these is answered without credentials, so that probes work. */
const OPEN_PATHS = new Set(["/health", "/ready"]);

/**
 * Checks HTTP Basic credentials against `server.api.auth_string`; without that setting everyone is let in.
 * @throws Unauthorized
 */
export function authorize(
  ctx: ServerContext,
  headers: IncomingHttpHeaders,
  operation?: { readonly method: string; readonly path: string },
): void {
  if (operation !== undefined && isOpen(operation.method, operation.path)) return;
  if (!hasCredentials(ctx, headers)) throw Unauthorized();
}

/** Where webhooks are called: they have secrets of their own. */
const HOOKS = "/hooks/";

/** Whether anyone may ask that of the API; `path` is relative to its mount. */
export function isOpen(method: string, path: string): boolean {
  return (method === "GET" && OPEN_PATHS.has(path)) || path.startsWith(HOOKS);
}

/** Whether the headers carry what `server.api.auth_string` asks for; true without that setting. */
export function hasCredentials(ctx: ServerContext, headers: IncomingHttpHeaders): boolean {
  const expected = ctx.settings.server.api.auth_string;
  if (expected === null) return true;
  const sent = basicCredentials(headers);
  return sent !== undefined && sameText(sent, expected.reveal());
}

/** The `user:password` of an `Authorization: Basic` header that is well formed. */
export function basicCredentials(headers: IncomingHttpHeaders): string | undefined {
  const encoded = /^Basic\s+(\S+)$/.exec(headers.authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, "base64");
  return bytes.toString("base64") === encoded ? bytes.toString("utf8") : undefined;
}

/** Compares in constant time, whatever the lengths. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
