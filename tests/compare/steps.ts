import { isRecord } from "../../src/kit/schema/schema.ts";
import type { Api, RequestOptions } from "./api.ts";
import { inSeconds, UNKNOWN_ID } from "./scripts/common.ts";

/**
 * A request as data. Texts in it may stand for what is only known when it is sent: `{{flows.0}}` for the id of the
 * first flow that the sequence has made, `{{now-60}}` for the time a minute ago.
 */
export interface Step {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** What a request makes, by its path: the kind that placeholders name. The first that matches counts. */
const MADE_BY: readonly (readonly [path: RegExp, kind: string])[] = [
  [/^\/deployments\/[^/]+\/create_flow_run/, "flow_runs"],
  [/^\/deployments\/[^/]+\/schedules$/, "schedules"],
  [/^\/work_pools\/[^/]+\/queues$/, "work_queues"],
  [/^\/v2\/concurrency_limits\/$/, "global_limits"],
  [/^\/(\w+)\/$/, ""],
];

/** Answers that list things in an order of their own, or in none where names or times are equal. */
const UNORDERED: RequestOptions = {
  unordered: ["body", "body.results", "body.deleted", "body.queues", "body.nodes"],
};

/** Sends the steps one after the other. */
export async function runSteps(api: Api, steps: readonly Step[]): Promise<void> {
  const made = new Map<string, string[]>();
  for (const { method, path, body } of steps) {
    const target = String(resolve(path, made));
    const answer = await api.send(method, target, { ...UNORDERED, ...roughly(target), body: resolve(body, made) });
    if (answer.status < 300) keep(made, { method, path: target, body: answer.body });
  }
}

/** What depends on the moment, or on the database's words. */
function roughly(path: string): RequestOptions {
  if (path.endsWith("/lateness")) return { seconds: true };
  if (path.endsWith("/history")) return { ignore: ["sum_estimated_run_time", "sum_estimated_lateness"] };
  // In the order of ids that are made at random.
  if (path.endsWith("/bulk_set_state")) return { ignore: ["id", "flow_run_id"] };
  return path.endsWith("/bulk") ? { ignore: ["error"] } : {};
}

function resolve(value: unknown, made: ReadonlyMap<string, readonly string[]>): unknown {
  if (typeof value === "string") {
    return value
      .replaceAll(/\{\{now([+-]\d+)\}\}/g, (_all, seconds: string) => inSeconds(Number(seconds)))
      .replaceAll(/\{\{(\w+)\.(\d+)\}\}/g, (_all, kind: string, index: string) => {
        const ids = made.get(kind) ?? [];
        return ids[Number(index) % Math.max(1, ids.length)] ?? UNKNOWN_ID;
      });
  }
  if (Array.isArray(value)) return value.map((item) => resolve(item, made));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, made)]));
}

function keep(made: Map<string, string[]>, sent: { readonly method: string; readonly path: string; body: unknown }) {
  const add = (kind: string, value: unknown) => {
    if (!isRecord(value) || typeof value.id !== "string") return;
    const ids = made.get(kind) ?? [];
    if (!ids.includes(value.id)) made.set(kind, [...ids, value.id]);
  };
  if (sent.method !== "POST" && sent.method !== "PUT") return;
  for (const [pattern, kind] of MADE_BY) {
    const match = pattern.exec(sent.path);
    if (match === null) continue;
    for (const each of Array.isArray(sent.body) ? sent.body : [sent.body]) add(kind || (match[1] ?? ""), each);
    break;
  }
  if (isRecord(sent.body)) add(`${sent.path.split("/")[1]?.slice(0, -1)}_states`, sent.body.state);
}
