import { Reply } from "../route.ts";

/** Pages run nothing, load nothing, are shown in no frame of others, and are kept by nobody. */
const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cache-control": "no-store",
} as const;

export function htmlReply(text: string, status = 200): Reply {
  return new Reply(status, text, HEADERS);
}
