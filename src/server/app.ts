import { Readable } from "node:stream";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { ValidationIssue } from "../kit/schema/schema.ts";
import { pagesMount } from "../settings/index.ts";
import { admissionTo, hostRefusal, type PlacedRoute } from "./admission.ts";
import { allowedMethods } from "./allowed-methods.ts";
import { checkApiVersion } from "./api-version.ts";
import { authorize } from "./auth.ts";
import { parseBody } from "./body.ts";
import { isParts } from "./body-parts.ts";
import type { ServerContext } from "./context.ts";
import { createCors } from "./cors.ts";
import { checkCsrf } from "./csrf.ts";
import { docsRoutes } from "./docs/docs-routes.ts";
import { errorReply } from "./error-reply.ts";
import { BodyTooLarge, InvalidRequest, MethodNotAllowed, NotFound } from "./errors.ts";
import { pageRoutes } from "./pages/page-routes.ts";
import { signIn } from "./pages/sign-in.ts";
import { refuseLimit } from "./paging.ts";
import { UUID_PATTERN } from "./path-pattern.ts";
import { Reply, type Route } from "./route.ts";
import { slashRedirect } from "./slash-redirect.ts";
import { loadTls } from "./tls.ts";

/** Largest request body taken; the reference has no limit, and a log batch of its clients is at most 4 MB. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const MIN_GZIP_BYTES = 500;
/** How long a client may take to send one request. */
const REQUEST_TIMEOUT_MS = 300_000;
/** A name in a path; ours are shorter, but a long one is an unknown name and no other kind of error. */
const MAX_PARAMETER_LENGTH = 16_384;
const MISSING_BODY = { type: "missing", loc: ["body"], msg: "Field required", input: null };
const gzipAsync = promisify(gzip);

/** Mounts the routes under `mount` (such as `/api`) on an HTTP server that does not listen yet. */
export function createApp(ctx: ServerContext, routes: readonly Route[], mount: string): FastifyInstance {
  const tls = loadTls(ctx.settings);
  const app = Fastify({
    ...(tls ? { https: tls } : {}),
    trustProxy: trustedProxies(ctx),
    bodyLimit: MAX_BODY_BYTES,
    keepAliveTimeout: ctx.settings.server.api.keepalive_timeout * 1000,
    requestTimeout: REQUEST_TIMEOUT_MS,
    requestIdHeader: false,
    genReqId: (request) => requestId(request.headers["x-request-id"]) ?? ctx.ids.next(),
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    // A path that cannot be decoded.
    frameworkErrors: (_error, _request, reply) => void sendReply(reply, errorReply(NotFound())),
    forceCloseConnections: "idle",
    // Routes check what they are given themselves; the compilers Fastify would load cost 45 ms and 10 MB.
    schemaController: {
      compilersFactory: { buildValidator: () => refuseSchemas, buildSerializer: () => refuseSchemas },
    },
  }) as FastifyInstance;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, bytes, done) => done(null, bytes));
  app.setErrorHandler((error, request, reply) => sendReply(reply, edgeReply(ctx, request, error)));
  refuseUnknown(ctx, app, { routes, mount });
  admitRequests(ctx, app, mount);
  logAccess(ctx, app);
  for (const placed of placeRoutes(ctx, routes, mount)) {
    mountRoute(ctx, app, placed);
    if (placed.isPage && ctx.settings.server.api.auth_string !== null) mountSignIn(ctx, app, placed);
  }
  return app;
}

/** The description of the API is a page, too, beside the API. */
function placeRoutes(ctx: ServerContext, routes: readonly Route[], mount: string): readonly PlacedRoute[] {
  const docs = docsRoutes(routes);
  const pages = pagesMount(ctx.settings);
  const placed = (all: readonly Route[], at: string, isPage: boolean) =>
    all.map((route) => ({ route, mount: at, isPage }));
  const docsPlaces = [...new Set(["", pages])].filter((at) => at !== mount);
  return [
    ...placed([...routes, ...docs], mount, false),
    ...docsPlaces.flatMap((at) => placed(docs, at, true)),
    ...(ctx.settings.server.ui.enabled ? placed(pageRoutes, pages, true) : []),
  ];
}

/** Where a page asks for credentials, it is itself where they are sent to. */
function mountSignIn(ctx: ServerContext, app: FastifyInstance, { route, mount }: PlacedRoute): void {
  app.post(mount + fastifyPath(route.path), (request, reply) =>
    sendReply(reply, signIn(ctx, request.body, { url: request.url, origin: originOf(request) })),
  );
}

/** As the option of the HTTP framework takes them. */
function trustedProxies({ settings }: ServerContext): boolean | string[] {
  const proxies = settings.server.api.trusted_proxies.split(",").map((proxy) => proxy.trim());
  return proxies.includes("*") || proxies.filter((proxy) => proxy !== "");
}

/** What no route takes: a known path with another method is a 405, one that misses only by its slash is sent on. */
function refuseUnknown(
  ctx: ServerContext,
  app: FastifyInstance,
  at: { readonly routes: readonly Route[]; readonly mount: string },
): void {
  const { routes, mount } = at;
  const methodsOf = allowedMethods(routes, mount);
  const redirect = slashRedirect(routes, mount);
  const pages = pagesMount(ctx.settings);
  const redirectPage = slashRedirect(pages === "" ? [] : pageRoutes, pages);
  app.setNotFoundHandler(async (request, reply) => {
    if (ctx.settings.server.api.csrf_protection_enabled) await checkCsrf(ctx, request.method, request.headers);
    if (request.url.startsWith(`${mount}/`)) authorize(ctx, request.headers);
    const allowed = methodsOf(request.url);
    if (allowed.length > 0) reply.header("allow", allowed.join(", "));
    const error = allowed.length > 0 ? MethodNotAllowed() : NotFound();
    return sendReply(reply, redirect(request.url) ?? redirectPage(request.url) ?? errorReply(error));
  });
}

function edgeReply(ctx: ServerContext, request: FastifyRequest, error: unknown): Reply {
  if ((error as { code?: string }).code === "FST_ERR_CTP_BODY_TOO_LARGE")
    return errorReply(BodyTooLarge(MAX_BODY_BYTES));
  const fault = clientFault(request, error);
  if (fault) return fault;
  const reply = errorReply(error);
  if (reply.status >= 500) {
    ctx.log.error({ err: error, request_id: request.id, method: request.method, url: request.url }, "request failed");
  }
  return reply;
}

/** What the HTTP framework or Node found wrong with a request, before any of our code saw it. */
function clientFault(request: FastifyRequest, error: unknown): Reply | undefined {
  const { code = "", statusCode = 500, message } = error as { code?: string; statusCode?: number; message: string };
  if (code === "ECONNRESET" && !request.raw.complete)
    return new Reply(400, { detail: "The request ended before its body did." });
  return code.startsWith("FST_") && statusCode < 500 ? new Reply(statusCode, { detail: message }) : undefined;
}

function mountRoute(ctx: ServerContext, app: FastifyInstance, at: PlacedRoute): void {
  const { route, mount } = at;
  const admit = admissionTo(ctx, at);
  app.route({
    method: route.method,
    url: mount + fastifyPath(route.path),
    exposeHeadRoute: false,
    ...(admit ? { onRequest: async (request, reply) => answerWith(reply, await admit(request)) } : {}),
    handler: async (request, reply) => {
      checkApiVersion(request.headers, route.path);
      const answer = await route.handle(ctx, {
        ...(parseRequest(ctx, route, request) as { params: Params; query: undefined; body: undefined; sent: unknown }),
        headers: request.headers,
        origin: originOf(request),
      });
      const usual = answer instanceof Reply ? answer : new Reply(route.status ?? 200, answer);
      return sendReply(reply, usual);
    },
  });
}

/** Ends a request early; undefined lets it go on. */
function answerWith(reply: FastifyReply, answer: Reply | undefined): Promise<FastifyReply> | undefined {
  return answer && sendReply(reply, answer);
}

/** Checks everything a route declares. @throws InvalidRequest with all that does not fit */
function parseRequest(ctx: ServerContext, route: Route, request: FastifyRequest) {
  const bytes = request.body as Buffer | undefined;
  const sent = readBody(route, bytes, request.headers["content-type"]);
  if (route.body) refuseLimit(ctx, route.body, sent);
  const params = normalizeParams(request.params as Params, route.path);
  const checked = parsePart(route.params, "path", params);
  const query = parsePart(route.query, "query", request.query);
  const needsBody = route.body !== undefined && !isParts(route.body) && !route.hasOptionalBody;
  const body: ParsedPart =
    (sent ?? null) === null && needsBody ? { issues: [MISSING_BODY] } : parsePart(route.body, "body", sent);
  const issues = [checked, query, body].flatMap((part) => part.issues ?? []);
  if (issues.length > 0) throw InvalidRequest(issues, sent);
  return {
    params: { ...params, ...(checked.value as object | undefined) },
    query: query.value,
    body: body.value,
    sent,
  };
}

function readBody(route: Route, bytes: Buffer | undefined, contentType: string | undefined): unknown {
  if (bytes === undefined || route.takesBytes) return bytes;
  return route.body === undefined ? undefined : parseBody(bytes, contentType);
}

interface ParsedPart {
  readonly value?: unknown;
  readonly issues?: readonly ValidationIssue[];
}

function parsePart(schema: Route["body"], name: "path" | "query" | "body", input: unknown): ParsedPart {
  if (schema === undefined) return {};
  const result = schema.parse(input);
  if (result.ok) return { value: result.value };
  const issues = result.errors.map((issue) => {
    const absent = name === "query" && issue.type === "missing";
    return { ...issue, loc: [name, ...issue.loc], ...(absent ? { input: null } : {}) };
  });
  return { issues };
}

function refuseSchemas(): never {
  throw new Error("Routes of this server bring their own schemas.");
}

/** `{id:uuid}` -> `:id(regex)`, `{name}` -> `:name`. */
function fastifyPath(path: string): string {
  return path.replaceAll(/\{(\w+)(:uuid)?\}/g, (_all, name: string, uuid: string | undefined) =>
    uuid ? `:${name}(^${UUID_PATTERN}$)` : `:${name}`,
  );
}

type Params = Record<string, string> & { readonly id: string };

function normalizeParams(params: Params, path: string): Params {
  if (!path.includes(":uuid")) return params;
  const normal: Record<string, string> = {};
  for (const [name, value] of Object.entries(params)) {
    normal[name] = path.includes(`{${name}:uuid}`) ? hyphenate(value) : value;
  }
  return normal as Params;
}

function hyphenate(uuid: string): string {
  const hex = uuid.toLowerCase().replaceAll("-", "");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

async function sendReply(reply: FastifyReply, answer: Reply): Promise<FastifyReply> {
  const { status, headers, body } = answer;
  reply.code(status).headers(headers).header("x-request-id", reply.request.id);
  if (status === 204 || status === 307) return reply.send();
  if (body instanceof Readable) return reply.send(body);
  const isText = typeof body === "string" && headers["content-type"] !== undefined;
  if (!isText) reply.header("content-type", "application/json");
  const text = isText ? body : JSON.stringify(body ?? null);
  if (text.length <= MIN_GZIP_BYTES || !acceptsGzip(reply.request)) return reply.send(Buffer.from(text));
  reply.header("content-encoding", "gzip").header("vary", "Accept-Encoding, Origin");
  return reply.send(await gzipAsync(text, { level: 1 }));
}

function acceptsGzip(request: FastifyRequest): boolean {
  const accepted = request.headers["accept-encoding"];
  return accepted !== undefined && /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?![.\d]))/.test(String(accepted));
}

/** The id a client gave its request, where it is fit for a header and a log line. */
function requestId(sent: string | readonly string[] | undefined): string | undefined {
  return typeof sent === "string" && /^[\w.:/+=@-]{1,128}$/.test(sent) ? sent : undefined;
}

function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}

/** Answers preflights, and requests for other hosts, before anything else looks at them; marks every other answer. */
function admitRequests(ctx: ServerContext, app: FastifyInstance, mount: string): void {
  const cors = createCors(ctx.settings);
  const refuse = hostRefusal(ctx, mount);
  app.addHook("onRequest", async (request, reply) => {
    const answer = refuse(request) ?? cors.preflight(request.method, request.headers);
    if (answer) return sendReply(reply, answer);
    reply.headers(cors.headersFor(request.headers));
  });
}

function logAccess(ctx: ServerContext, app: FastifyInstance): void {
  app.addHook("onResponse", async (request, reply) => {
    const { method, url, id } = request;
    ctx.log.debug({ method, url, status: reply.statusCode, ms: reply.elapsedTime, request_id: id }, "request");
  });
}
