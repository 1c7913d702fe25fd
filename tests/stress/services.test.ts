import { sql } from "kysely";
import { expect, test } from "vitest";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { createTestDatabase } from "../../src/testing/test-databases.ts";
import { waitUntil } from "../support/disposable.ts";
import { postgresUrl } from "../support/postgres.ts";
import { missing } from "../support/require.ts";
import { type Api, connectApi, createFlow, createRun } from "./api.ts";
import { findInconsistencies } from "./consistency.ts";
import { startServerProcess } from "./server-process.ts";

/** Things that wait for each of the services. */
const MANY = 40;
/** They become due one after the other, some before the kill and some after it. */
const SPREAD_SECONDS = 6;
const KILL_AFTER_MS = 3000;
const SETTINGS = {
  PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS: "1",
  PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS: "1",
  PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_LOOP_SECONDS: "1",
  PREFECT_SERVER_SERVICES_FOREMAN_LOOP_SECONDS: "1",
  PREFECT_SERVER_SERVICES_REPOSSESSOR_LOOP_SECONDS: "1",
  PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS: "1",
  PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS: "1",
  PREFECT_SERVER_SERVICES_DB_VACUUM_BATCH_SIZE: "10",
  PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_LOOP_SECONDS: "1",
  PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_CANCELLING_TIMEOUT_SECONDS: "2",
};

test.skipIf(missing("postgresql"))(
  "what a killed server would have done next another does within seconds, and nothing is done twice",
  { timeout: 180_000 },
  async () => {
    await using made = await createTestDatabase("postgresql", postgresUrl());
    await using database = openDatabase(made.config);
    await using survivor = await startServerProcess(made.connectionUrl, SETTINGS);
    await using victim = await startServerProcess(made.connectionUrl, SETTINGS);
    await using api = connectApi(survivor.apiUrl, 8);
    const flowId = await createFlow(api, "waits");
    const startedMs = performance.now();
    await Promise.all([
      ...inTurn((at) => createLater(api, flowId, at)),
      ...inTurn((at) => pauseFor(api, flowId, at)),
      ...inTurn(() => cancel(api, flowId)),
      ...inTurn((_at, n) => createScheduled(api, flowId, n)),
      ...inTurn((_at, n) => createSilentPool(api, n)),
      takeLeases(api, database),
      createOld(api, database, flowId),
    ]);
    await waitUntil("it is time", () => performance.now() - startedMs > KILL_AFTER_MS, { timeoutMs: 60_000 });

    await victim.kill();

    await waitUntil("all is done", async () => (await leftToDo(database)) === "", { timeoutMs: 30_000 }).catch(
      async () => expect(await leftToDo(database)).toBe(""),
    );
    expect(await doneTwice(database)).toEqual([]);
    // As in Python's Prefect: runs that a schedule makes are no news.
    expect(await findInconsistencies(database)).toEqual([`a state without its event: ${MANY * 3}`]);
    expect(survivor.errors()).toBe("");
  },
);

/** @param make is given the time when one of them is due, and its number */
function inTurn(make: (dueAt: string, n: number) => Promise<unknown>): Promise<unknown>[] {
  const due = (n: number) => new Date(Date.now() + (n / MANY) * SPREAD_SECONDS * 1000).toISOString();
  return Array.from({ length: MANY }, (_, n) => make(due(n), n));
}

const createLater = (api: Api, flow_id: string, scheduled_time: string) =>
  api.post("/flow_runs/", { flow_id, name: "late", state: { type: "SCHEDULED", state_details: { scheduled_time } } });

async function pauseFor(api: Api, flowId: string, pause_timeout: string): Promise<void> {
  const id = await createRun(api, flowId, "RUNNING");
  const state = { type: "PAUSED", state_details: { pause_timeout } };
  await api.post(`/flow_runs/${id}/set_state`, { state, force: true });
}

async function cancel(api: Api, flowId: string): Promise<void> {
  const id = await createRun(api, flowId, "RUNNING");
  await api.post(`/flow_runs/${id}/set_state`, { state: { type: "CANCELLING" }, force: true });
}

/** Not due while the test runs. */
function createScheduled(api: Api, flow_id: string, n: number): Promise<unknown> {
  const anchor_date = new Date(Date.now() - 1_800_000).toISOString();
  const schedules = [{ schedule: { interval: 3600, anchor_date } }];
  return api.post("/deployments/", { name: `d${n}`, flow_id, schedules });
}

/** A pool whose only worker is not heard of again. */
async function createSilentPool(api: Api, n: number): Promise<void> {
  await api.post("/work_pools/", { name: `p${n}`, type: "process" });
  await api.post(`/work_pools/p${n}/workers/heartbeat`, { name: "w", heartbeat_interval_seconds: 1 });
}

async function takeLeases(api: Api, database: Database): Promise<void> {
  await api.post("/v2/concurrency_limits/", { name: "l", limit: MANY });
  const lease = { names: ["l"], slots: 1, lease_duration: 60 };
  for (let n = 0; n < MANY; n++) await api.post("/v2/concurrency_limits/increment-with-lease", lease);
  await sql`update prefect_ts_lease set expires = now() + random() * interval '6 seconds'`.execute(database.read);
}

async function createOld(api: Api, database: Database, flow_id: string): Promise<void> {
  const ended = { flow_id, name: "old", state: { type: "COMPLETED" } };
  await Promise.all(Array.from({ length: MANY }, () => api.post("/flow_runs/", ended)));
  await sql`update flow_run set expected_start_time = now() - interval '2 years', start_time = now() - interval '2 years',
    end_time = now() - interval '2 years' where name = 'old'`.execute(database.read);
}

const EXPECTED: Readonly<Record<string, readonly [query: string, count: number]>> = {
  "late runs": ["flow_run where state_name = 'Late'", MANY],
  "failed runs": ["flow_run where state_type = 'FAILED'", MANY],
  "cancelled runs": ["flow_run where state_type = 'CANCELLED'", MANY],
  "scheduled runs": ["flow_run where auto_scheduled", MANY * 3],
  "silent pools": ["work_pool where status = 'NOT_READY'", MANY],
  leases: ["prefect_ts_lease", 0],
  "slots in use": ["concurrency_limit_v2 where active_slots > 0", 0],
  "old runs": ["flow_run where name = 'old'", 0],
};

async function leftToDo(database: Database): Promise<string> {
  const found: string[] = [];
  for (const [what, [query, expected]] of Object.entries(EXPECTED)) {
    const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.raw(query)}`.execute(database.read);
    if (Number(rows[0]?.n) !== expected) found.push(`${what}: ${rows[0]?.n} instead of ${expected}`);
  }
  return found.join(", ");
}

/** States that a run was given twice, runs that a schedule was given twice, pools that were told of twice since they were made. */
async function doneTwice(database: Database): Promise<readonly unknown[]> {
  const { rows } = await sql`
    select name as what from flow_run_state group by flow_run_id, name having count(*) > 1
    union all
    select 'scheduled' from flow_run where auto_scheduled group by deployment_id, expected_start_time having count(*) > 1
    union all
    select event from events where event = 'prefect.work-pool.not-ready' group by event, resource_id having count(*) > 2`.execute(
    database.read,
  );
  return rows;
}
