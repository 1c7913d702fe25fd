import { parseJson } from "../../src/kit/json.ts";

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, instead of a JSON body. */
  readonly raw?: string | Uint8Array;
  /** Parts of the answer that the servers may order differently: JSON paths such as "body" or "body.results". */
  readonly unordered?: readonly string[];
  /** Keys whose values are not compared, at any depth. */
  readonly ignore?: readonly string[];
  /** The body is a number of seconds measured from now: compared roughly. */
  readonly seconds?: boolean;
}

export interface ApiOptions {
  /** Asks again after a 503, as the reference's own clients do: on SQLite its services lock each other out. */
  readonly retriesUnavailable?: boolean;
}

/** One request of a script with its answer; bodies are parsed by kit's `parseJson`. */
export interface Exchange {
  readonly title: string;
  readonly requestBody: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly options: RequestOptions;
}

/** The answer of one request as scripts use it. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** The body's `id`, or "no-id" when the request failed: the script goes on, the comparison shows the failure. */
  readonly id: string;
  /** The value at a path of the body such as "state.state_details.scheduled_time" or "0.id"; undefined when absent. */
  at(path: string): unknown;
}

/** What a script drives: each call sends one request and records the exchange. */
export interface Api {
  readonly exchanges: readonly Exchange[];
  get(path: string, options?: RequestOptions): Promise<Answer>;
  post(path: string, body?: unknown, options?: RequestOptions): Promise<Answer>;
  put(path: string, body: unknown, options?: RequestOptions): Promise<Answer>;
  patch(path: string, body: unknown, options?: RequestOptions): Promise<Answer>;
  delete(path: string, options?: RequestOptions): Promise<Answer>;
  /** Any method; the others are written in terms of it. */
  send(method: string, path: string, options?: RequestOptions & { readonly body?: unknown }): Promise<Answer>;
  /** Asks again until `done`, recording only the last exchange: for what the server does after it has answered. */
  until(ask: () => Promise<Answer>, done: (answer: Answer) => boolean): Promise<Answer>;
}

const UNTIL_TIMEOUT_MS = 10_000;
const UNTIL_INTERVAL_MS = 50;
const UNAVAILABLE_ATTEMPTS = 20;

export function createApi(apiUrl: string, { retriesUnavailable = false }: ApiOptions = {}): Api {
  const exchanges: Exchange[] = [];
  const request = (url: string, init: RequestInit) =>
    retriesUnavailable ? requestPatiently(url, init) : fetch(url, init);

  const send: Api["send"] = async (method, path, options = {}) => {
    const payload = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    const response = await request(`${apiUrl}${path}`, {
      method,
      redirect: "manual",
      headers: { ...(payload === undefined ? {} : { "content-type": "application/json" }), ...options.headers },
      ...(payload === undefined ? {} : { body: payload as string }),
    });
    const exchange: Exchange = {
      title: `${method} ${path}`,
      requestBody: options.body ?? (options.raw === undefined ? undefined : String(options.raw)),
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: readBody(await response.text()),
      options,
    };
    exchanges.push(exchange);
    return answerOf(exchange);
  };

  return {
    exchanges,
    send,
    get: (path, options) => send("GET", path, options),
    post: (path, body, options) => send("POST", path, { body, ...options }),
    put: (path, body, options) => send("PUT", path, { body, ...options }),
    patch: (path, body, options) => send("PATCH", path, { body, ...options }),
    delete: (path, options) => send("DELETE", path, options),
    async until(ask, done) {
      const deadline = performance.now() + UNTIL_TIMEOUT_MS;
      for (;;) {
        const before = exchanges.length;
        const answer = await ask();
        if (done(answer) || performance.now() > deadline) return answer;
        exchanges.length = before;
        await new Promise((resolve) => setTimeout(resolve, UNTIL_INTERVAL_MS));
      }
    },
  };
}

/** Asks again after a 503, and when the connection is gone: the reference closes it after a 500, perhaps under the next request. */
export async function requestPatiently(url: string, init: RequestInit): Promise<Response> {
  for (let attempt = 1; attempt < UNAVAILABLE_ATTEMPTS; attempt++) {
    const response = await fetch(url, init).catch(() => undefined);
    if (response !== undefined && response.status !== 503) return response;
    await new Promise((resolve) => setTimeout(resolve, UNTIL_INTERVAL_MS));
  }
  return fetch(url, init);
}

function readBody(text: string): unknown {
  if (text === "") return undefined;
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function answerOf({ status, body }: Exchange): Answer {
  const at = (path: string) => path.split(".").reduce<unknown>(step, body);
  const id = at("id");
  return { status, body, id: typeof id === "string" ? id : "no-id", at };
}

function step(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
