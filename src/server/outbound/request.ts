import type { ClientRequest, IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { request as httpRequest } from "../../kit/node-http.ts";
import { ConnectionFailed, ReplyUnreadable, RequestInvalid, RequestTimedOut, UrlRefused } from "./errors.ts";
import { type ResolveName, resolveHost } from "./resolve-host.ts";

const DEFAULT_TIMEOUT_MS = 10_000;
/** More of an answer than this is not read. */
const MAX_REPLY_BYTES = 1_000_000;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** What is meant for one server, and must not reach the one it redirects to. */
const PRIVATE_HEADERS: ReadonlySet<string> = new Set(["authorization", "cookie", "proxy-authorization"]);

/** A call to somebody else's server. */
export interface OutboundRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Whether addresses outside of the public internet may be called; redirects are held to the same. */
  readonly allowPrivate: boolean;
  /** Checks the server's certificate. @default true */
  readonly verifyTls?: boolean;
  /** For everything together, redirects too. @default 10,000 */
  readonly timeoutMs?: number;
  /** @default 0: a redirect is the answer */
  readonly maxRedirects?: number;
  /** @default the machine's resolver */
  readonly resolve?: ResolveName;
}

export interface OutboundReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** At most the first 1,000,000 bytes. */
  readonly text: string;
}

/**
 * Makes a call, looking its host up once and connecting to what was checked, so that no second answer of the resolver
 * can lead it elsewhere.
 * @throws UrlRefused, AddressRefused, HostUnknown, ConnectionFailed, RequestTimedOut, ReplyUnreadable, RequestInvalid
 */
export async function sendRequest(request: OutboundRequest): Promise<OutboundReply> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, maxRedirects = 0 } = request;
  const signal = AbortSignal.timeout(timeoutMs);
  let current = request;
  for (let hops = 0; ; hops++) {
    const reply = await callOnce(current, { signal, timeoutMs });
    const { location } = reply.headers;
    if (hops >= maxRedirects || location === undefined || !REDIRECTS.has(reply.status)) return reply;
    current = redirected(current, { status: reply.status, location });
  }
}

interface Deadline {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

async function callOnce(request: OutboundRequest, { signal, timeoutMs }: Deadline): Promise<OutboundReply> {
  const url = parseUrl(request.url);
  const { allowPrivate, resolve } = request;
  const addresses = await resolveHost(url.hostname, { allowPrivate, ...(resolve ? { resolve } : {}) });
  const lookup: LookupFunction = (_host, options, done) => {
    if (options.all) return done(null, [...addresses]);
    const first = addresses[0];
    return done(null, first?.address ?? "", first?.family);
  };
  try {
    return await exchange(open(request, { url, lookup, signal }), request.body);
  } catch (error) {
    if (signal.aborted) throw RequestTimedOut(timeoutMs / 1000);
    throw error;
  }
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:") || url.hostname === "") throw UrlRefused();
  return url;
}

function open(
  request: OutboundRequest,
  { url, lookup, signal }: { readonly url: URL; readonly lookup: LookupFunction; readonly signal: AbortSignal },
): ClientRequest {
  const { method, headers = {}, body, verifyTls = true } = request;
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const options = {
    method,
    headers: { accept: "*/*", ...length, ...lowerCased(headers) },
    lookup,
    signal,
    agent: false,
  };
  try {
    return url.protocol === "https:"
      ? httpsRequest(url, { ...options, rejectUnauthorized: verifyTls })
      : httpRequest(url, options);
  } catch (error) {
    throw RequestInvalid(error);
  }
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

async function exchange(call: ClientRequest, body: string | Buffer | undefined): Promise<OutboundReply> {
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    call.once("response", resolve);
    call.once("error", (error) => reject(ConnectionFailed(error)));
    call.end(body);
  });
  try {
    const text = await readText(reply);
    return { status: reply.statusCode ?? 0, headers: plainHeaders(reply), text };
  } catch (error) {
    throw ReplyUnreadable(error);
  } finally {
    call.destroy();
  }
}

async function readText(reply: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of reply) {
    parts.push(part as Buffer);
    size += (part as Buffer).length;
    if (size >= MAX_REPLY_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, MAX_REPLY_BYTES).toString("utf8");
}

function plainHeaders(reply: IncomingMessage): Record<string, string> {
  const entries = Object.entries(reply.headersDistinct).map(([name, values]) => [name, (values ?? []).join(", ")]);
  return Object.fromEntries(entries);
}

/** As browsers do: what is not a plain repetition becomes a GET, and secrets stay with the host they are for. */
function redirected(
  request: OutboundRequest,
  to: { readonly status: number; readonly location: string },
): OutboundRequest {
  const url = URL.parse(to.location, request.url);
  if (!url) throw UrlRefused();
  const isSameOrigin = url.origin === new URL(request.url).origin;
  const isRepeated = to.status === 307 || to.status === 308 || request.method === "GET" || request.method === "HEAD";
  const headers = Object.entries(lowerCased(request.headers ?? {})).filter(
    ([name]) =>
      name !== "host" && (isSameOrigin || !PRIVATE_HEADERS.has(name)) && (isRepeated || !name.startsWith("content-")),
  );
  const { body, ...rest } = request;
  const again = { ...rest, url: url.href, headers: Object.fromEntries(headers) };
  if (!isRepeated) return { ...again, method: "GET" };
  return body === undefined ? again : { ...again, body };
}
