import { createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { hasCredentials, sameText } from "../auth.ts";
import type { ServerContext } from "../context.ts";
import { html } from "../docs/html.ts";
import { Unauthorized } from "../errors.ts";
import { Reply } from "../route.ts";
import { htmlReply } from "./html-reply.ts";
import { page } from "./page.ts";

const COOKIE = "prefect_pages";
const STAYS_SECONDS = 12 * 60 * 60;

/**
 * Decides on the request of a page: undefined lets it in, with credentials like those of the API or with the cookie of
 * `signIn`; a browser that has neither is shown a form. The cookie opens pages only and never the API, so that no other
 * site can change anything in its owner's name.
 * @throws Unauthorized for those that are no browsers
 */
export function admitToPage(ctx: ServerContext, headers: IncomingHttpHeaders): Reply | undefined {
  if (hasCredentials(ctx, headers) || hasCookie(ctx, headers.cookie ?? "")) return undefined;
  const isBrowser = headers["sec-fetch-mode"] === "navigate" || (headers.accept ?? "").includes("text/html");
  if (!isBrowser) throw Unauthorized();
  return formReply();
}

/** Answers what the form sends: with the right credentials by the page it stood in place of, and a cookie for it. */
export function signIn(
  ctx: ServerContext,
  sent: unknown,
  at: { readonly url: string; readonly origin: string },
): Reply {
  const secret = ctx.settings.server.api.auth_string?.reveal();
  const given = new URLSearchParams(String(sent)).get("credentials") ?? "";
  if (secret === undefined || !sameText(given, secret)) return formReply("These are not the right ones.");
  const [path = ""] = at.url.split("?", 1);
  const isTls = at.origin.startsWith("https:");
  return new Reply(303, "", {
    "content-type": "text/plain",
    // From where the browser is, so that it holds behind proxies that add to the path.
    location: `./${path.slice(path.lastIndexOf("/") + 1)}`,
    "set-cookie": `${COOKIE}=${cookieValue(ctx, secret)}; Path=/; Max-Age=${STAYS_SECONDS}; HttpOnly; SameSite=Lax${isTls ? "; Secure" : ""}`,
  });
}

function formReply(problem?: string): Reply {
  const content = html`
<h1>Sign in</h1>
<p>${problem}</p>
<form method="post">
<label>User and password, with a colon between them
<input type="password" name="credentials" autocomplete="current-password" required autofocus></label>
<button>Sign in</button>
</form>`;
  return htmlReply(page({ title: "Sign in", content }), 401);
}

/** When it ends, and the proof that this server has said so: nothing has to be remembered. */
function cookieValue(ctx: ServerContext, secret: string): string {
  const until = String(Math.floor(ctx.clock.nowMs() / 1000) + STAYS_SECONDS);
  return `${until}.${proof(secret, until)}`;
}

function hasCookie(ctx: ServerContext, cookies: string): boolean {
  const secret = ctx.settings.server.api.auth_string?.reveal() ?? "";
  const value = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w.]+)`).exec(cookies)?.[1] ?? "";
  const [until = "", sent = ""] = value.split(".");
  return Number(until) * 1000 > ctx.clock.nowMs() && sameText(sent, proof(secret, until));
}

function proof(secret: string, until: string): string {
  return createHmac("sha256", secret).update(`pages until ${until}`).digest("hex");
}
