import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { startTestServer } from "../../src/testing/index.ts";
import { waitUntil } from "../support/disposable.ts";
import { type ReferenceServer, startReference } from "../support/reference.ts";
import { missing } from "../support/require.ts";
import { type Api, createApi } from "./api.ts";

const CONSUMER = "11111111-1111-4111-8111-111111111111";
const MESSAGE = "22222222-2222-4222-8222-222222222222";
const TEMPLATE = { variables: { type: "object", properties: {} }, job_configuration: { command: "x" } };
const CAPABILITIES = ["worker_heartbeat.v1", "work_pool_snapshot.v1"];

const frame = (type: string, payload: object, more: object = {}) => ({
  type,
  id: crypto.randomUUID(),
  sent_at: "2026-01-01T00:00:00Z",
  payload,
  ...more,
});
const hello = (payload: object = {}, more: object = {}) =>
  frame(
    "worker.hello.v1",
    {
      consumer_id: CONSUMER,
      worker_name: "w",
      worker_type: "process",
      heartbeat_interval_seconds: 30,
      supported_channel_versions: ["work_pool_worker_channel.v1"],
      requested_capabilities: [...CAPABILITIES, "cleanup_delivery.v1", "unheard-of"],
      handled_cleanup_kinds: ["cancelling_timeout_teardown.v1"],
      max_cleanup_concurrency: 2,
      create_pool_if_not_found: true,
      default_base_job_template: TEMPLATE,
      ...payload,
    },
    more,
  );
const heartbeat = (worker_name: string) =>
  frame("worker.heartbeat.v1", { consumer_id: CONSUMER, worker_name, heartbeat_interval_seconds: 30 });
const operation = (what: string, more: object = {}) =>
  frame(`cleanup.${what}.v1`, { message_id: MESSAGE, reservation_token: "t", ...more });

/** What is said, and how many frames are waited for after it; or something done to the pool meanwhile. */
type Step =
  | { readonly say: unknown; readonly hear?: number }
  | { readonly act: (api: Api) => Promise<unknown>; readonly hear?: number };

interface Case {
  readonly title: string;
  readonly pool?: string;
  readonly protocols?: string[];
  readonly steps: readonly Step[];
  /** Before the worker connects. */
  readonly prepare?: (api: Api) => Promise<unknown>;
}

const noCleanup = { requested_capabilities: CAPABILITIES, handled_cleanup_kinds: [], max_cleanup_concurrency: 0 };
const emptyPool = (api: Api) => api.post("/work_pools/", { name: "pool", type: "process" });
const patch = (body: object) => (api: Api) => api.patch("/work_pools/pool", body);

const CASES: readonly Case[] = [
  { title: "no sub-protocol", protocols: [], steps: [] },
  {
    title: "a pool that the worker makes, changes, and its end",
    steps: [
      { say: hello(), hear: 1 },
      { say: heartbeat("w") },
      { act: patch({ concurrency_limit: 3 }), hear: 1 },
      { act: patch({ description: "not told" }) },
      { act: patch({ is_paused: true }), hear: 1 },
      { act: patch({ is_paused: true }), hear: 1 },
      { act: patch({ is_paused: false }), hear: 1 },
      { act: patch({ base_job_template: { ...TEMPLATE, job_configuration: { command: "y" } } }), hear: 1 },
      { say: operation("ack"), hear: 1 },
      { say: operation("release", { reason: "r" }), hear: 1 },
      { act: (api) => api.delete("/work_pools/pool") },
    ],
  },
  {
    title: "a pool whose template the worker fills in, without cleaning up",
    prepare: emptyPool,
    steps: [
      { say: hello(noCleanup), hear: 2 },
      { say: operation("renew"), hear: 1 },
      { say: heartbeat("somebody else") },
    ],
  },
  {
    title: "queues by name, and a concurrency that is left out",
    prepare: emptyPool,
    steps: [
      { say: hello({ max_cleanup_concurrency: undefined, work_queue_names: ["default", "default"] }), hear: 1 },
      { say: hello() },
    ],
  },
  { title: "a queue that is not there", prepare: emptyPool, steps: [{ say: hello({ work_queue_names: ["nope"] }) }] },
  { title: "no such pool", steps: [{ say: hello({ create_pool_if_not_found: false }) }] },
  { title: "a reserved name", pool: "Prefect-pool", steps: [{ say: hello() }] },
  {
    title: "no version in common",
    steps: [{ say: hello({ supported_channel_versions: ["v2"], create_pool_if_not_found: false }) }],
  },
  { title: "an incomplete template", steps: [{ say: hello({ default_base_job_template: { variables: {} } }) }] },
  {
    title: "a template whose defaults break it",
    steps: [
      {
        say: hello({
          default_base_job_template: {
            variables: { properties: { a: { type: "integer", default: "x" } } },
            job_configuration: { command: "x" },
          },
        }),
      },
    ],
  },
  ...Object.entries({
    "no hello": heartbeat("w"),
    "no JSON": "zzz",
    "another key": hello({ nope: 1 }),
    "another key of the frame": hello({}, { nope: 1 }),
    "a capability too few": hello({ requested_capabilities: ["worker_heartbeat.v1"] }),
    "kinds without the capability": hello({ requested_capabilities: CAPABILITIES }),
    "no interval": hello({ heartbeat_interval_seconds: 0 }),
    "an unknown kind": hello({ handled_cleanup_kinds: ["x"] }),
    "no id": hello({}, { id: "x" }),
  }).map(([title, say]) => ({ title, steps: [{ say }] })),
];

/** What a worker hears in that case, ids and times left out. */
async function hear(apiUrl: string, { pool = "pool", protocols = ["prefect"], steps, prepare }: Case) {
  const api = createApi(apiUrl, { retriesUnavailable: true });
  await prepare?.(api);
  const socket = new WebSocket(`${apiUrl.replace("http", "ws")}/work_pools/${pool}/workers/connect`, protocols);
  const heard: unknown[] = [];
  socket.on("message", (data) => heard.push(JSON.parse(String(data))));
  socket.on("unexpected-response", (_request, response) => {
    heard.push(response.statusCode);
    socket.terminate();
  });
  socket.on("error", () => undefined);
  const opened = new Promise((resolve) => socket.once("open", resolve));
  const closed = new Promise<void>((resolve) => {
    socket.once("close", (code, reason) => {
      heard.push([code, String(reason)]);
      resolve();
    });
  });
  await Promise.race([opened, closed]);
  const say = (message: unknown) => socket.send(typeof message === "string" ? message : JSON.stringify(message));
  if (socket.readyState === WebSocket.OPEN) say({ type: "auth", token: null });
  if (socket.readyState === WebSocket.OPEN) await waitUntil("the handshake", () => heard.length > 0);
  for (const step of steps) {
    const before = heard.length;
    if ("act" in step) await step.act(api);
    else say(step.say);
    await waitUntil("the answer", () => heard.length >= before + (step.hear ?? 0));
  }
  await closed;
  await api.delete(`/work_pools/${pool}`);
  return JSON.parse(JSON.stringify(heard, withoutIdentity));
}

function withoutIdentity(_key: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value)) return value === MESSAGE || value === CONSUMER ? value : "<id>";
  return /^\d{4}-\d\d-\d\dT/.test(value) ? "<time>" : value;
}

describe.skipIf(missing("reference-3.9.1"))("the channel of workers", () => {
  let reference: ReferenceServer;
  let ours: Awaited<ReturnType<typeof startTestServer>>;
  beforeAll(async () => {
    [reference, ours] = await Promise.all([startReference(), startTestServer()]);
  }, 60_000);
  afterAll(async () => {
    await reference?.[Symbol.asyncDispose]();
    await ours?.stop();
  });

  test.each(CASES)("$title", async (asked) => {
    const expected = await hear(reference.apiUrl, asked);
    expect(expected.length).toBeGreaterThan(0);
    expect(await hear(ours.apiUrl, asked)).toEqual(expected);
  });
});
