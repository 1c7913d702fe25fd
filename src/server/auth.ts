import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { ServerContext } from "./context.ts";
import { Unauthorized } from "./errors.ts";

/** Answered without credentials, so that probes work. */
const OPEN_PATHS = new Set(["/health", "/ready"]);

/** Checks HTTP Basic credentials against `server.api.auth_string`; without that setting everyone is let in. */
export function authorize(ctx: ServerContext, headers: IncomingHttpHeaders, path: string): void {
  const expected = ctx.settings.server.api.auth_string;
  if (expected === null || OPEN_PATHS.has(path)) return;
  const [scheme, sent = ""] = (headers.authorization ?? "").split(" ", 2);
  const credentials = Buffer.from(expected.reveal()).toString("base64");
  if (scheme !== "Basic" || !sameText(sent, credentials)) throw Unauthorized();
}

/** Compares in constant time, whatever the lengths. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
