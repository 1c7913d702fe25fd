import { parseJson } from "../kit/json.ts";
import { ApiUnreachable, apiError } from "./errors.ts";
import { type HttpRequest, type HttpResponse, headerOf, type Send } from "./link.ts";

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** JSON over HTTP. Every method throws an entry of the client's catalogue when the API refuses or cannot be reached. */
export interface Http {
  readonly apiUrl: string;
  get<Result>(path: string, options?: RequestOptions): Promise<Result>;
  post<Result>(path: string, body?: unknown, options?: RequestOptions): Promise<Result>;
  put<Result>(path: string, body?: unknown, options?: RequestOptions): Promise<Result>;
  patch<Result = void>(path: string, body?: unknown, options?: RequestOptions): Promise<Result>;
  delete(path: string, options?: RequestOptions): Promise<void>;
  /** The body as text, for answers that are not JSON. */
  text(path: string, options?: RequestOptions): Promise<string>;
  /** The answer as it came, whatever its status. */
  raw(method: HttpRequest["method"], path: string, body?: unknown): Promise<HttpResponse>;
}

/** Makes `send` speak JSON. */
export function createHttp(apiUrl: string, send: Send): Http {
  const exchange = async (request: HttpRequest) => {
    const response = await reach(apiUrl, send, request);
    if (response.status < 400) return response;
    throw apiError({
      method: request.method,
      path: request.path,
      status: response.status,
      body: parseBody(response.text),
      retryAfterSeconds: Number(headerOf(response, "retry-after")) || undefined,
    });
  };
  const json =
    (method: HttpRequest["method"]) =>
    async <Result>(path: string, body?: unknown, options: RequestOptions = {}) =>
      parseBody((await exchange(toRequest({ method, path, body, options }))).text) as Result;

  return {
    apiUrl,
    get: (path, options) => json("GET")(path, undefined, options),
    post: json("POST"),
    put: json("PUT"),
    patch: json("PATCH"),
    delete: async (path, options = {}) => {
      await exchange(toRequest({ method: "DELETE", path, body: undefined, options }));
    },
    text: async (path, options = {}) =>
      (await exchange(toRequest({ method: "GET", path, body: undefined, options }))).text,
    raw: (method, path, body) => reach(apiUrl, send, toRequest({ method, path, body, options: {} })),
  };
}

interface RequestParts {
  readonly method: HttpRequest["method"];
  readonly path: string;
  readonly body: unknown;
  readonly options: RequestOptions;
}

function toRequest({ method, path, body, options }: RequestParts): HttpRequest {
  return {
    method,
    path,
    headers: options.headers ?? {},
    body: body === undefined ? undefined : JSON.stringify(body),
    ...(options.signal && { signal: options.signal }),
  };
}

async function reach(apiUrl: string, send: Send, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await send(request);
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw ApiUnreachable(apiUrl, error);
  }
}

function parseBody(text: string): unknown {
  if (text === "") return undefined;
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
