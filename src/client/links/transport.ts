import type { IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { Agent as HttpAgent, request as httpRequest } from "../../kit/node-http.ts";
import type { HttpRequest, HttpResponse, Send } from "../link.ts";

export interface TransportOptions {
  readonly apiUrl: string;
  /** Time for one attempt, headers and body. */
  readonly requestTimeoutMs: number;
  readonly insecureTls: boolean;
  /** PEM certificates to trust in place of the built-in ones, or undefined. */
  readonly caCertificates: string | undefined;
}

/** Talks HTTP(S) over kept-alive connections; idle ones do not keep the process alive. */
export function httpTransport(options: TransportOptions): Send & { close(): void } {
  const isTls = options.apiUrl.startsWith("https:");
  const agent = isTls
    ? new HttpsAgent({ keepAlive: true, ...tlsOptions(options) })
    : new HttpAgent({ keepAlive: true });
  const start = isTls ? httpsRequest : httpRequest;

  const send = (request: HttpRequest) =>
    new Promise<HttpResponse>((resolve, reject) => {
      const outgoing = start(`${options.apiUrl}${request.path}`, {
        method: request.method,
        headers: withLength(request),
        agent,
        ...(request.signal && { signal: request.signal }),
      });
      const timer = setTimeout(
        () => outgoing.destroy(timeoutError(options.requestTimeoutMs)),
        options.requestTimeoutMs,
      );
      outgoing.once("response", (incoming) => readAll(incoming).then(resolve, reject));
      outgoing.once("error", reject);
      outgoing.once("close", () => clearTimeout(timer));
      outgoing.end(request.body);
    });
  return Object.assign(send, { close: () => agent.destroy() });
}

async function readAll(incoming: IncomingMessage): Promise<HttpResponse> {
  incoming.setEncoding("utf8");
  let text = "";
  for await (const chunk of incoming) text += chunk;
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, text };
}

function withLength(request: HttpRequest): Record<string, string> {
  if (request.body === undefined) return { ...request.headers };
  const length = String(Buffer.byteLength(request.body));
  return { ...request.headers, "content-type": "application/json", "content-length": length };
}

function tlsOptions(options: TransportOptions) {
  return {
    rejectUnauthorized: !options.insecureTls,
    ...(options.caCertificates === undefined ? {} : { ca: options.caCertificates }),
  };
}

function timeoutError(timeoutMs: number): Error {
  return Object.assign(new Error(`no answer within ${timeoutMs} ms`), { code: "ETIMEDOUT" });
}
