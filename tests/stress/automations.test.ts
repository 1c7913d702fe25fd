import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { createTestDatabase } from "../../src/testing/test-databases.ts";
import { waitUntil } from "../support/disposable.ts";
import { postgresUrl } from "../support/postgres.ts";
import { missing } from "../support/require.ts";
import { connectApi } from "./api.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

const RESOURCES = 600;
/** Of each resource. */
const EVENTS = 4;
const PER_REQUEST = 20;
const KILLS = 3;
const SENDERS = 4;

const single = (name: string, fields: object) => ({
  name,
  trigger: {
    type: "event",
    posture: "Reactive",
    expect: ["stress.happened"],
    for_each: ["prefect.resource.id"],
    ...fields,
  },
  actions: [{ type: "do-nothing" }],
});

describe.skipIf(missing("postgresql"))("two servers on one PostgreSQL, each killed in turn", () => {
  test("fire for every event, and never twice", { timeout: 180_000 }, async () => {
    await using made = await createTestDatabase("postgresql", postgresUrl());
    await using database = openDatabase(made.config);
    const servers = await Promise.all([startServerProcess(made.connectionUrl), startServerProcess(made.connectionUrl)]);
    await create(servers, [single("each", {}), single("all", { threshold: EVENTS, within: 3600 })]);
    // The other server is told within moments.
    await waitUntil("both servers know the automations", () => bothFire(database, servers));

    const batches = batchesOf(
      Array.from({ length: RESOURCES * EVENTS }, (_, at) => eventOf(`thing.${at % RESOURCES}`)),
    );
    const total = batches.length;
    const working = Promise.all(Array.from({ length: SENDERS }, (_, at) => send(servers, batches, at)));
    for (let kill = 0; kill < KILLS; kill++) {
      const left = total - Math.round((total * (kill + 1)) / (KILLS + 1));
      await waitUntil("enough is sent", () => batches.length <= left, { timeoutMs: 120_000 });
      const victim = kill % servers.length;
      await servers[victim]?.kill();
      servers[victim] = await startServerProcess(made.connectionUrl);
    }
    await working;
    await waitUntil("all is evaluated", async () => (await count(database, "prefect_ts_trigger_queue")) === 0, {
      timeoutMs: 60_000,
    });

    const fired = await firings(database);
    await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
    expect(fired.get("each")).toEqual({ firings: RESOURCES * EVENTS, causes: RESOURCES * EVENTS });
    expect(fired.get("all")).toEqual({ firings: RESOURCES, causes: RESOURCES });
  });
});

async function create(servers: readonly ServerProcess[], automations: readonly object[]): Promise<void> {
  await using api = connectApi(servers[0]?.apiUrl ?? "", 1);
  for (const automation of automations) await api.post("/automations/", automation);
}

const eventOf = (resource: string) => ({
  id: randomUUID(),
  occurred: new Date().toISOString(),
  event: "stress.happened",
  resource: { "prefect.resource.id": resource },
});
type StressEvent = ReturnType<typeof eventOf>;

function batchesOf(events: readonly StressEvent[]): StressEvent[][] {
  return Array.from({ length: Math.ceil(events.length / PER_REQUEST) }, (_, at) =>
    events.slice(at * PER_REQUEST, (at + 1) * PER_REQUEST),
  );
}

/** Sends what is left to either server, and again to the other when it does not know what became of it. */
async function send(servers: readonly ServerProcess[], batches: StressEvent[][], first: number): Promise<void> {
  for (let batch = batches.pop(); batch; batch = batches.pop()) {
    const events = batch;
    let turn = first;
    await waitUntil("a server takes the events", async () => {
      turn += 1;
      return await post(servers[turn % servers.length]?.apiUrl ?? "", events);
    });
  }
}

async function post(apiUrl: string, events: readonly StressEvent[]): Promise<boolean> {
  const headers = { "content-type": "application/json" };
  const sent = fetch(`${apiUrl}/events`, { method: "POST", headers, body: JSON.stringify(events) });
  return await sent.then(
    (answer) => answer.ok,
    () => false,
  );
}

async function bothFire(database: Database, servers: readonly ServerProcess[]): Promise<boolean> {
  const probes = servers.map(() => eventOf(`probe.${randomUUID()}`));
  await Promise.all(servers.map(({ apiUrl }, at) => post(apiUrl, probes.slice(at, at + 1))));
  const wanted = probes.map(({ id }) => `prefect.event.${id}`);
  return await waitUntil("the probes are seen", async () => {
    const { rows } = await sql<{ n: number }>`
      select count(distinct resource_id) as n from event_resources
      where resource_role = 'triggering-event' and resource_id in (${sql.join(wanted)})`.execute(database.read);
    return Number(rows[0]?.n) === wanted.length;
  });
}

async function count(database: Database, table: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(database.read);
  return Number(rows[0]?.n);
}

/** How often each automation fired, and because of how many events; the probes are left out. */
async function firings(database: Database): Promise<ReadonlyMap<string, { firings: number; causes: number }>> {
  const { rows } = await sql<{ name: string; n: number; causes: number }>`
    select resource->>'prefect.resource.name' as name, count(*) as n, count(distinct payload->'triggering_event'->>'id') as causes
    from events where event = 'prefect.automation.triggered'
      and payload->'triggering_event'->'resource'->>'prefect.resource.id' like 'thing.%'
    group by 1`.execute(database.read);
  return new Map(rows.map(({ name, n, causes }) => [name, { firings: Number(n), causes: Number(causes) }]));
}
