import { type RawData, WebSocket } from "ws";
import { type Client, clientHeaders } from "../client.ts";

export interface SocketOptions {
  readonly apiUrl: string;
  /** `user:password`, an API key, or null when the server asks for nothing. */
  readonly token: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Time for the connection and the authentication together. */
  readonly openTimeoutMs: number;
  readonly insecureTls: boolean;
  /** PEM certificates to trust in place of the built-in ones. */
  readonly caCertificates?: string | undefined;
}

const OPEN_TIMEOUT_MS = 10_000;

/** What a socket to the client's API needs. */
export function socketOptions({ options, http }: Client): SocketOptions {
  return {
    apiUrl: http.apiUrl,
    token: options.authString ?? options.apiKey ?? null,
    headers: clientHeaders(options),
    openTimeoutMs: OPEN_TIMEOUT_MS,
    insecureTls: options.insecureTls ?? false,
    caCertificates: options.caCertificates,
  };
}

/** A socket to `path` that is not open yet. */
export function newSocket(path: string, options: SocketOptions): WebSocket {
  return new WebSocket(`${options.apiUrl.replace(/^http/, "ws")}${path}`, "prefect", {
    headers: options.headers,
    handshakeTimeout: options.openTimeoutMs,
    rejectUnauthorized: !options.insecureTls,
    ...(options.caCertificates === undefined ? {} : { ca: options.caCertificates }),
    perMessageDeflate: false,
  });
}

/** Resolves when the server has taken the token; rejects when it cannot be reached, refuses, or does not answer in time. */
export function authenticate(socket: WebSocket, options: SocketOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      clearTimeout(timer);
      socket.terminate();
      reject(new Error(reason));
    };
    const timer = setTimeout(() => fail("the event stream did not answer in time"), options.openTimeoutMs);
    socket.on("error", (error) => fail(error.message));
    socket.once("close", (code, reason) => fail(`the event stream closed (${code} ${reason.toString()})`));
    socket.once("open", () => socket.send(JSON.stringify({ type: "auth", token: options.token })));
    socket.once("message", (message) => {
      if (!isAuthSuccess(message)) return fail("the event stream refused the credentials");
      clearTimeout(timer);
      resolve();
    });
  });
}

function isAuthSuccess(message: RawData): boolean {
  try {
    return JSON.parse(message.toString()).type === "auth_success";
  } catch {
    return false;
  }
}
