import type { IncomingMessage } from "node:http";
import type { RawData, WebSocket } from "ws";
import { basicCredentials, sameText } from "../auth.ts";
import type { ServerContext } from "../context.ts";
import { createCors } from "../cors.ts";
import { createHostCheck } from "../trusted-hosts.ts";

const POLICY_VIOLATION = 1008;
/** For clients 1008 is final, this is not. */
const TRY_AGAIN_LATER = 1013;
const AUTH_WITHIN_MS = 30_000;

export interface HandshakeOptions {
  /** How long a client may take to say who it is. @default 30000 */
  readonly authWithinMs?: number;
  /** Clients that do not offer `prefect` are refused. @default false */
  readonly needsSubProtocol?: boolean;
  /** What a client is told that is not let in. @default what it did wrong */
  readonly failure?: string;
}

type Accepted =
  | { readonly isAllowed: false }
  | { readonly isAllowed: true; readonly open: (socket: WebSocket, serve: () => void) => void };

/**
 * Decides on an upgrade. A client that offers the `prefect` sub-protocol must first send `{"type": "auth", "token"}`
 * and is answered `{"type": "auth_success"}`, whether or not credentials are needed. A client that offers none (3.1.7
 * on `/events/in`) is served at once, unless credentials are needed and its upgrade request carries none.
 */
export function acceptSocket(ctx: ServerContext, request: IncomingMessage, options: HandshakeOptions = {}): Accepted {
  const { authWithinMs = AUTH_WITHIN_MS, needsSubProtocol = false, failure } = options;
  if (!isExpected(ctx, request)) return { isAllowed: false };
  const secret = ctx.settings.server.api.auth_string?.reveal();
  const offersAuth = (request.headers["sec-websocket-protocol"] ?? "")
    .split(",")
    .some((name) => name.trim() === "prefect");
  if (offersAuth) {
    return {
      isAllowed: true,
      open(socket, serve) {
        limitWait(socket, authWithinMs);
        authenticate(socket, { secret, failure }, serve);
      },
    };
  }
  if (needsSubProtocol) return { isAllowed: false };
  const sent = basicCredentials(request.headers);
  const hasCredentials = secret === undefined || (sent !== undefined && sameText(sent, secret));
  return hasCredentials ? { isAllowed: true, open: (_socket, serve) => serve() } : { isAllowed: false };
}

/** Browsers ask nobody before they open a socket to another site: what CORS would refuse them is refused here. */
function isExpected({ settings }: ServerContext, { headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  const isOwnPage = origin !== undefined && URL.parse(origin)?.host === host;
  return createHostCheck(settings)(host) && (isOwnPage || origin === undefined || createCors(settings).allows(origin));
}

/** Closes a socket that stays silent. */
function limitWait(socket: WebSocket, withinMs: number): void {
  const giveUp = setTimeout(() => socket.close(TRY_AGAIN_LATER, "No 'auth' message in time"), withinMs);
  const settle = () => clearTimeout(giveUp);
  socket.once("message", settle);
  socket.once("close", settle);
}

function authenticate(
  socket: WebSocket,
  { secret, failure }: { readonly secret: string | undefined; readonly failure: string | undefined },
  serve: () => void,
): void {
  socket.once("message", (data: RawData) => {
    const problem = authProblem(String(data), secret);
    if (problem) return socket.close(POLICY_VIOLATION, failure ?? problem);
    socket.send(JSON.stringify({ type: "auth_success" }));
    serve();
  });
}

/** Why the first message does not let the client in, or undefined when it does. */
function authProblem(text: string, secret: string | undefined): string | undefined {
  const message = parseMessage(text);
  if (message?.type !== "auth") return "Expected 'auth' message";
  if (secret === undefined) return undefined;
  if (typeof message.token !== "string" || message.token === "") return "Auth required but no token provided";
  return sameText(message.token, secret) ? undefined : "Invalid token";
}

function parseMessage(text: string): { readonly type?: unknown; readonly token?: unknown } | undefined {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}
