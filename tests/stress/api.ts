import { Pool } from "undici";

/** A server's API over a bounded number of connections. */
export interface Api extends AsyncDisposable {
  /** @throws for answers other than 2xx, and for lost connections */
  post<T>(path: string, body: unknown): Promise<T>;
  get<T>(path: string): Promise<T>;
}

export function connectApi(apiUrl: string, connections: number): Api {
  const { origin, pathname } = new URL(apiUrl);
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const send = async (method: "GET" | "POST", path: string, body?: unknown) => {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await pool.request({ method, path: pathname + path, ...content });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  return {
    post: (path, body) => send("POST", path, body),
    get: (path) => send("GET", path),
    [Symbol.asyncDispose]: () => pool.destroy(),
  };
}

interface Named {
  readonly id: string;
}

export async function createFlow(api: Api, name: string): Promise<string> {
  return (await api.post<Named>("/flows/", { name })).id;
}

export async function createRun(api: Api, flowId: string, type = "PENDING"): Promise<string> {
  return (await api.post<Named>("/flow_runs/", { flow_id: flowId, state: { type } })).id;
}

/** Gives the status of the decision: ACCEPT, REJECT, WAIT or ABORT. */
export async function setState(api: Api, runId: string, type: string): Promise<string> {
  return (await api.post<{ status: string }>(`/flow_runs/${runId}/set_state`, { state: { type } })).status;
}

/** Creates a run and takes it to its end. */
export async function runLifecycle(api: Api, flowId: string): Promise<string> {
  const id = await createRun(api, flowId);
  for (const type of ["RUNNING", "COMPLETED"]) {
    const status = await setState(api, id, type);
    if (status !== "ACCEPT") throw new Error(`${type} of ${id} was answered ${status}`);
  }
  return id;
}
