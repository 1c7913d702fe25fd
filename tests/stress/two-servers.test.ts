import { randomInt, randomUUID } from "node:crypto";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { createTestDatabase } from "../../src/testing/test-databases.ts";
import { waitUntil } from "../support/disposable.ts";
import { postgresUrl } from "../support/postgres.ts";
import { missing } from "../support/require.ts";
import { findInconsistencies } from "./consistency.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

const RESOURCES = 2500;
/** Of each resource. */
const EVENTS = 4;
/** One event in so many also starts a run of a deployment. */
const MARKED = 50;
const PER_REQUEST = 50;
const RUNS = 1000;
const KILLS = 4;
const SENDERS = 2;
const RUNNERS = 8;

describe.skipIf(missing("postgresql"))("two servers on one PostgreSQL, either killed again and again", () => {
  test("lose no event, do no action twice, and leave no run behind", { timeout: 400_000 }, async () => {
    await using made = await createTestDatabase("postgresql", postgresUrl());
    await using database = openDatabase(made.config);
    const servers = await Promise.all([startServerProcess(made.connectionUrl), startServerProcess(made.connectionUrl)]);
    const ask = askEither(servers);
    const flowId = (await ask<Named>("/flows/", { name: "stress" })).id;
    const deploymentId = (await ask<Named>("/deployments/", { name: "of actions", flow_id: flowId })).id;
    await ask("/automations/", everyMarkedRuns(deploymentId));
    await ask("/automations/", allOfOne);
    await ask("/automations/", probe);
    // The other server is told within moments.
    await waitUntil("both servers know the automations", () => bothFire(database, servers), { timeoutMs: 60_000 });

    const events = Array.from({ length: RESOURCES * EVENTS }, (_, at) => eventOf(at));
    const batches = Array.from({ length: Math.ceil(events.length / PER_REQUEST) }, (_, at) =>
      events.slice(at * PER_REQUEST, (at + 1) * PER_REQUEST),
    );
    const runs = Array.from({ length: RUNS }, (_, at) => at);
    const working = Promise.all([
      ...Array.from({ length: SENDERS }, () => each(batches, (batch) => ask("/events", batch))),
      ...Array.from({ length: RUNNERS }, () => each(runs, (at) => liveOneRun(ask, flowId, at))),
    ]);
    const total = batches.length + runs.length;
    for (let kill = 0; kill < KILLS; kill++) {
      const left = total * (1 - (kill + Math.random()) / KILLS);
      await waitUntil("enough is done", () => batches.length + runs.length <= left, {
        timeoutMs: 300_000,
        intervalMs: 5,
      });
      const victim = randomInt(servers.length);
      await servers[victim]?.kill();
      servers[victim] = await startServerProcess(made.connectionUrl);
    }
    await working;
    for (const queue of ["prefect_ts_trigger_queue", "prefect_ts_action_queue"]) {
      await waitUntil(`${queue} is empty`, async () => (await count(database, queue)) === 0, { timeoutMs: 120_000 });
    }
    await runWhatIsScheduled(ask, deploymentId);

    await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
    const marked = events.filter(({ event }) => event === "stress.marked").length;
    expect(await count(database, "events where event like 'stress.%' and resource_id like 'thing.%'")).toBe(
      events.length,
    );
    expect(await firings(database)).toEqual([
      { name: "all of one", firings: RESOURCES, causes: RESOURCES, actions: RESOURCES, executed: RESOURCES },
      { name: "every marked", firings: marked, causes: marked, actions: marked, executed: marked },
    ]);
    expect(
      await count(
        database,
        "(select distinct parameters->>'event' from flow_run where deployment_id is not null) as r",
      ),
    ).toBe(marked);
    expect(await ways(database)).toEqual([
      { way: "PENDING,RUNNING,COMPLETED", runs: RUNS },
      { way: "SCHEDULED,PENDING,RUNNING,COMPLETED", runs: marked },
    ]);
    expect(await findInconsistencies(database)).toEqual([]);
  });
});

interface Named {
  readonly id: string;
}

const everyMarkedRuns = (deployment_id: string) => ({
  name: "every marked",
  trigger: {
    type: "event",
    posture: "Reactive",
    expect: ["stress.marked"],
    for_each: ["prefect.resource.id"],
  },
  actions: [
    {
      type: "run-deployment",
      source: "selected",
      deployment_id,
      parameters: { event: { __prefect_kind: "jinja", template: "{{ event.id }}" } },
    },
  ],
});

const allOfOne = {
  name: "all of one",
  trigger: {
    type: "event",
    posture: "Reactive",
    expect: ["stress.*"],
    match: { "prefect.resource.id": "thing.*" },
    for_each: ["prefect.resource.id"],
    threshold: EVENTS,
    within: 3600,
  },
  actions: [{ type: "do-nothing" }],
};

const probe = {
  name: "probe",
  trigger: { type: "event", posture: "Reactive", expect: ["probe"], for_each: ["prefect.resource.id"] },
  actions: [{ type: "do-nothing" }],
};

const eventOf = (at: number) => ({
  id: randomUUID(),
  occurred: new Date().toISOString(),
  event: at % MARKED === 0 ? "stress.marked" : "stress.happened",
  resource: { "prefect.resource.id": `thing.${at % RESOURCES}` },
});

type Ask = <T>(path: string, body: unknown) => Promise<T>;

/** Asks either server, and again the other, until one answers: nobody knows what became of a request without an answer. */
function askEither(servers: readonly ServerProcess[]): Ask {
  let turn = 0;
  return <T>(path: string, body: unknown) =>
    waitUntil<T>(
      `an answer to ${path}`,
      async () => {
        turn += 1;
        const answer = await post(servers[turn % servers.length]?.apiUrl ?? "", path, body);
        if (answer === undefined || answer.status === 503) return false;
        const text = await answer.text().catch(() => undefined);
        if (text === undefined) return false;
        if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
        return (text === "" ? {} : JSON.parse(text)) as T;
      },
      { timeoutMs: 60_000, intervalMs: 20 },
    );
}

async function post(apiUrl: string, path: string, body: unknown): Promise<Response | undefined> {
  const headers = { "content-type": "application/json" };
  const sent = fetch(apiUrl + path, { method: "POST", headers, body: JSON.stringify(body) });
  return await sent.catch(() => undefined);
}

async function each<T>(items: T[], handle: (item: T) => Promise<unknown>): Promise<void> {
  for (let item = items.pop(); item !== undefined; item = items.pop()) await handle(item);
}

/** What a runner does, which asks again with the same key until it is answered. */
async function liveOneRun(ask: Ask, flow_id: string, at: number): Promise<void> {
  const body = { flow_id, idempotency_key: `run ${at}`, state: { type: "PENDING" } };
  const { id } = await ask<Named>("/flow_runs/", body);
  await finish(ask, id, ["RUNNING", "COMPLETED"]);
}

async function finish(ask: Ask, id: string, types: readonly string[]): Promise<void> {
  for (const type of types) {
    const state = { type, state_details: { transition_id: randomUUID() } };
    await ask(`/flow_runs/${id}/set_state`, { state });
  }
}

async function runWhatIsScheduled(ask: Ask, deploymentId: string): Promise<void> {
  const scheduled = { deployment_ids: [deploymentId], scheduled_before: new Date().toISOString(), limit: 200 };
  for (;;) {
    const runs = await ask<{ id: string }[]>("/deployments/get_scheduled_flow_runs", scheduled);
    if (runs.length === 0) return;
    await each(runs, ({ id }) => finish(ask, id, ["PENDING", "RUNNING", "COMPLETED"]));
  }
}

/** A probe for each server, and whether both have fired soon. */
async function bothFire(database: Database, servers: readonly ServerProcess[]): Promise<boolean> {
  const probes = servers.map(() => ({ ...eventOf(0), event: "probe" }));
  await Promise.all(servers.map(({ apiUrl }, at) => post(apiUrl, "/events", probes.slice(at, at + 1))));
  const wanted = probes.map(({ id }) => `prefect.event.${id}`);
  const areSeen = async () => {
    const { rows } = await sql<{ n: number }>`
      select count(distinct resource_id) as n from event_resources
      where resource_role = 'triggering-event' and resource_id in (${sql.join(wanted)})`.execute(database.read);
    return Number(rows[0]?.n) === wanted.length;
  };
  return await waitUntil("the probes are seen", areSeen, { timeoutMs: 5_000 }).catch(() => false);
}

async function count(database: Database, from: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.raw(from)}`.execute(database.read);
  return Number(rows[0]?.n);
}

/** How often each automation fired, because of how many events, and what became of its actions. */
async function firings(database: Database): Promise<readonly object[]> {
  const { rows } = await sql<Record<string, unknown>>`
    select resource->>'prefect.resource.name' as name,
      count(*) filter (where event = 'prefect.automation.triggered') as firings,
      count(distinct payload->'triggering_event'->>'id') as causes,
      count(distinct payload->>'invocation') as actions,
      count(*) filter (where event = 'prefect.automation.action.executed') as executed
    from events where event like 'prefect.automation.%' and resource->>'prefect.resource.name' <> ${probe.name}
      and event <> 'prefect.automation.created'
    group by 1 order by 1`.execute(database.read);
  return rows.map(({ name, ...counts }) => ({ name, ...numbers(counts) }));
}

/** The states that runs went through, late or not, and how many went that way. */
async function ways(database: Database): Promise<readonly object[]> {
  const { rows } = await sql<{ way: string; runs: unknown }>`
    select way, count(*) as runs
    from (select string_agg(type::text, ',' order by timestamp) as way
      from flow_run_state where name <> 'Late' group by flow_run_id) as w
    group by way order by way`.execute(database.read);
  return rows.map(({ way, runs }) => ({ way, ...numbers({ runs }) }));
}

const numbers = (counts: object) => Object.fromEntries(Object.entries(counts).map(([key, n]) => [key, Number(n)]));
