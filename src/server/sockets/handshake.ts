import type { IncomingMessage } from "node:http";
import type { RawData, WebSocket } from "ws";
import { basicCredentials, sameText } from "../auth.ts";
import type { ServerContext } from "../context.ts";

const POLICY_VIOLATION = 1008;

type Accepted =
  | { readonly isAllowed: false }
  | { readonly isAllowed: true; readonly open: (socket: WebSocket, serve: () => void) => void };

/**
 * Decides on an upgrade. A client that offers the `prefect` sub-protocol must first send `{"type": "auth", "token"}`
 * and is answered `{"type": "auth_success"}`, whether or not credentials are needed. A client that offers none (3.1.7
 * on `/events/in`) is served at once, unless credentials are needed and its upgrade request carries none.
 */
export function acceptSocket(ctx: ServerContext, request: IncomingMessage): Accepted {
  const secret = ctx.settings.server.api.auth_string?.reveal();
  const offersAuth = (request.headers["sec-websocket-protocol"] ?? "")
    .split(",")
    .some((name) => name.trim() === "prefect");
  if (offersAuth) return { isAllowed: true, open: (socket, serve) => authenticate(socket, secret, serve) };
  const sent = basicCredentials(request.headers);
  const hasCredentials = secret === undefined || (sent !== undefined && sameText(sent, secret));
  return hasCredentials ? { isAllowed: true, open: (_socket, serve) => serve() } : { isAllowed: false };
}

function authenticate(socket: WebSocket, secret: string | undefined, serve: () => void): void {
  socket.once("message", (data: RawData) => {
    const problem = authProblem(String(data), secret);
    if (problem) return socket.close(POLICY_VIOLATION, problem);
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
