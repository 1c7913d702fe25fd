import { Pool } from "undici";

/** One connection's way of doing a unit of work again and again; throws on any answer that is not 2xx. */
export type Step = (http: Http) => Promise<void>;

export interface Http {
  post(path: string, body: unknown): Promise<unknown>;
  get(path: string): Promise<unknown>;
}

export interface Measured {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly done: number;
  /** Units that failed, by what the server answered. */
  readonly errors: Readonly<Record<string, number>>;
}

/** Runs `step` on `connections` connections side by side for `seconds`, a closed loop on each. */
export async function measure(
  apiUrl: string,
  step: Step,
  options: { readonly connections: number; readonly seconds: number },
): Promise<Measured> {
  const { connections, seconds } = options;
  const { origin, pathname } = new URL(apiUrl);
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const http = client(pool, pathname);
  const latencies: number[] = [];
  const errors: Record<string, number> = {};
  const start = performance.now();
  const deadline = start + seconds * 1000;

  const loop = async () => {
    while (performance.now() < deadline) {
      const before = performance.now();
      try {
        await step(http);
        latencies.push(performance.now() - before);
      } catch (error) {
        const what = error instanceof Error ? error.message : String(error);
        errors[what] = (errors[what] ?? 0) + 1;
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, loop));
  const elapsed = (performance.now() - start) / 1000;
  await pool.destroy();
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return { perSecond: latencies.length / elapsed, p50Ms: at(0.5), p99Ms: at(0.99), done: latencies.length, errors };
}

function client(pool: Pool, mount: string): Http {
  const send = async (method: "GET" | "POST", path: string, body?: unknown) => {
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const request = {
      method,
      path: mount + path,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    const answer = await pool.request(request);
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`HTTP ${answer.statusCode}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  return { post: (path, body) => send("POST", path, body), get: (path) => send("GET", path) };
}
