import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { startTestServer } from "../../../src/testing/index.ts";
import { type Answer, type Api, createApi } from "../../compare/api.ts";
import { startReference } from "../../support/reference.ts";
import { missing } from "../../support/require.ts";

const PARAMETERS = {
  whole: "{{ event.payload.n }}",
  list: ["{{ event.payload.list }}", "plain"],
  id: "of {{ event.resource.id }}",
  time: "at {{ event.occurred }}",
  state: "{{ flow_run.state.name }} {{ flow_run.state.timestamp }}",
  names: "{{ flow.name }} {{ deployment.name }} {{ work_pool.name }} {{ work_queue.name }} {{ automation.name }}",
  label: "{{ labels.prefect.resource.id }} {{ event.resource.labels.a.b }} {{ event.related[0].role }}",
  firing: "{{ firing.triggered is defined }} {{ firings | length }} {{ events | length }} {{ automation.enabled }}",
  none: "{{ nothing.at.all }}!",
  variable: { __prefect_kind: "workspace_variable", variable_name: "v" },
};

interface Ids {
  readonly [name: string]: string;
}

const inferred = { source: "inferred" };

/** The actions of one step may be done in any order. */
const STEPS: readonly ((ids: Ids) => readonly object[])[] = [
  (ids) => [
    { type: "do-nothing" },
    { type: "run-deployment", ...inferred, parameters: PARAMETERS },
    { type: "run-deployment", source: "selected", deployment_id: ids.strict, parameters: { a: "x" } },
    { type: "run-deployment", source: "selected", deployment_id: randomUUID() },
    { type: "pause-work-pool", ...inferred },
    { type: "pause-work-queue", ...inferred },
    { type: "pause-automation", ...inferred },
    { type: "resume-automation", source: "selected", automation_id: randomUUID() },
    { type: "call-webhook", block_document_id: ids.hook, payload: "{{ event.payload.n }} {{ event.resource.name }}" },
    { type: "call-webhook", block_document_id: ids.hook, payload: "{{ event.payload | tojson }}" },
    { type: "call-webhook", block_document_id: ids.hook, payload: "{{ 1 / 0 }}" },
    { type: "call-webhook", block_document_id: randomUUID() },
    { type: "send-notification", block_document_id: ids.hook, body: "b" },
    { type: "suspend-flow-run" },
  ],
  () => [{ type: "resume-flow-run" }, { type: "pause-deployment", ...inferred }],
  () => [{ type: "resume-flow-run" }, { type: "resume-deployment", ...inferred }],
  () => [{ type: "change-flow-run-state", state: "FAILED", name: "Broken", force: true }],
  () => [{ type: "cancel-flow-run" }],
  () => [{ type: "delete-flow-run" }],
  () => [{ type: "delete-flow-run" }],
];

describe.skipIf(missing("reference-3.9.1"))("beside the reference", () => {
  test("actions tell the same, and make the same runs", { timeout: 240_000 }, async () => {
    await using receiver = await listen();
    await using reference = await startReference();
    await using ours = await startTestServer({
      services: true,
      env: { PREFECT_SERVER_REGISTER_BLOCKS_ON_START: "true" },
    });
    const playOn = (apiUrl: string) => perform(createApi(apiUrl, { retriesUnavailable: true }), receiver.url);

    const [theirs, own] = await Promise.all([playOn(reference.apiUrl), playOn(ours.apiUrl)]);

    expect(own).toEqual(theirs);
  });
});

async function perform(api: Api, hookUrl: string): Promise<unknown> {
  const ids = await arrange(api, hookUrl);
  const told: unknown[] = [];
  const steps: Step[] = [];
  for (const [index, actions] of STEPS.entries()) steps.push(await prepare(api, `go.${index}`, actions(ids)));
  for (const each of steps) told.push(await play(api, ids, each));
  const made = await api.post("/flow_runs/filter", {});
  const shown = (made.body as readonly Record<string, unknown>[])
    .filter(({ created_by }) => created_by !== null)
    .map(({ parameters, created_by, tags, auto_scheduled }) => ({ parameters, created_by, tags, auto_scheduled }));
  return { told, runs: anonymous(ids, shown) };
}

async function arrange(api: Api, hookUrl: string): Promise<Ids> {
  const flow = await api.post("/flows/", { name: "f" });
  const deployment = { name: "d", flow_id: flow.id, enforce_parameter_schema: false };
  const schema = { type: "object", properties: { a: { type: "integer" } } };
  const strict = { ...deployment, name: "s", enforce_parameter_schema: true, parameter_openapi_schema: schema };
  const { id: deploymentId } = await api.post("/deployments/", deployment);
  const { id: strictId } = await api.post("/deployments/", strict);
  const run = await api.post(`/deployments/${deploymentId}/create_flow_run`, { state: { type: "RUNNING" } });
  const pool = await api.post("/work_pools/", { name: "p", type: "process" });
  const queue = await api.post("/work_pools/p/queues", { name: "q" });
  await api.post("/variables/", { name: "v", value: { a: [1] } });
  const type = await api.get("/block_types/slug/webhook");
  const schemas = await api.post("/block_schemas/filter", { block_schemas: { block_type_id: { any_: [type.id] } } });
  const hook = await api.post("/block_documents/", {
    name: "hook",
    data: { url: hookUrl },
    block_schema_id: schemas.at("0.id"),
    block_type_id: type.id,
  });
  return {
    ...{ flow: flow.id, deployment: deploymentId, strict: strictId, run: run.id, pool: pool.id },
    ...{ queue: queue.id, hook: hook.id },
  };
}

/** An automation that waits for an event. */
interface Step {
  readonly automationId: string;
  readonly event: string;
  readonly actions: readonly object[];
}

async function prepare(api: Api, event: string, actions: readonly object[]): Promise<Step> {
  const trigger = { type: "event", posture: "Reactive", expect: [event], for_each: ["prefect.resource.id"], within: 0 };
  const { id } = await api.post("/automations/", { name: "watch", trigger, actions });
  return { automationId: id, event, actions };
}

/** Fires an automation, and gives what is told of each of its actions. */
async function play(api: Api, ids: Ids, { automationId, event: name, actions }: Step): Promise<unknown> {
  const told = (names: readonly string[]) =>
    api.post("/events/filter", {
      limit: 50,
      filter: {
        any_resource: { id: [`prefect.automation.${automationId}`] },
        event: { name: names.map((each) => `prefect.automation.${each}`) },
      },
    });
  // Should the reference hear of the automation only after its event, another one is sent.
  for (let tries = 0; tries < 3; tries++) {
    await api.post("/events", [eventFor(ids, name)]);
    if (await waitFor(async () => totalOf(await told(["triggered"])) > 0, 20)) break;
  }
  await waitFor(async () => totalOf(await told(["action.executed", "action.failed"])) >= actions.length, 30);
  const done = await told(["action.executed", "action.failed"]);
  const events = (done.at("events") as readonly Told[]).map(({ event, resource, related, payload }) => ({
    ...{ event, resource, payload: plain(payload) },
    related: related.map((each) => (each["prefect.resource.role"] === "flow-run" ? { role: "flow-run" } : each)),
  }));
  const sorted = events.toSorted((a, b) => Number(a.payload.action_index) - Number(b.payload.action_index));
  return anonymous({ ...ids, automation: automationId }, sorted.slice(0, actions.length));
}

const totalOf = (answer: Answer) => Number(answer.at("total"));

/** Gives false when it has not come true in that time. */
async function waitFor(isTrue: () => Promise<boolean>, seconds: number): Promise<boolean> {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    if (await isTrue()) return true;
    await pause(100);
  }
  return false;
}

interface Told {
  readonly event: string;
  readonly resource: Readonly<Record<string, string>>;
  readonly related: readonly Readonly<Record<string, string>>[];
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Headers are the HTTP library's affair. */
function plain({ response_headers, ...payload }: Told["payload"]) {
  return payload;
}

function eventFor(ids: Ids, event: string): object {
  const related = (["flow", "deployment", "work-pool", "work-queue"] as const).map((kind) => ({
    "prefect.resource.id": `prefect.${kind}.${ids[kind.replace("work-", "")]}`,
    "prefect.resource.role": kind,
  }));
  const resource = {
    "prefect.resource.id": `prefect.flow-run.${ids.run}`,
    "prefect.resource.name": "name",
    "prefect.state-type": "RUNNING",
    "prefect.state-name": "Told",
    "prefect.state-message": "",
    "prefect.state-timestamp": "2024-01-02T03:04:05.500000+00:00",
    "a.b": "c",
  };
  const payload = { n: 7, list: [1.5, null, { x: "y" }] };
  return { id: randomUUID(), occurred: new Date().toISOString(), event, resource, related, payload };
}

/** Ids and times by what they stand for. */
function anonymous(ids: Ids, value: unknown): unknown {
  let text = JSON.stringify(value);
  for (const [name, id] of Object.entries(ids)) text = text.replaceAll(id, `<${name}>`);
  text = text.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>");
  return JSON.parse(text.replaceAll(/20[3-9]\d-|202[5-9]-\d\d-\d\d[T ][\d:.]+/g, "<time>"));
}

async function listen() {
  const server = createServer((request, reply) => {
    request.resume().once("end", () => reply.writeHead(201, { "content-type": "text/plain" }).end("ok"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
