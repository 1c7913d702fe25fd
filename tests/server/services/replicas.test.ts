import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { silentLogger } from "../../../src/kit/logger.ts";
import { type RunningServer, startServer } from "../../../src/server/main.ts";
import { cancellation } from "../../../src/server/services/cancellation.ts";
import { foreman } from "../../../src/server/services/foreman.ts";
import { lateRuns } from "../../../src/server/services/late-runs.ts";
import { pauseExpirations } from "../../../src/server/services/pause-expirations.ts";
import { leaseRepossessor } from "../../../src/server/services/repossess-leases.ts";
import { eventRetention } from "../../../src/server/services/retention/events.ts";
import { flowRunRetention } from "../../../src/server/services/retention/flow-runs.ts";
import { scheduler } from "../../../src/server/services/scheduler.ts";
import type { Service } from "../../../src/server/services.ts";
import { loadSettings } from "../../../src/settings/index.ts";
import { createTestDatabase } from "../../../src/testing/test-databases.ts";
import { type Api, createApi } from "../../compare/api.ts";
import { findInconsistencies } from "../../stress/consistency.ts";
import { movableClock } from "../../support/movable-clock.ts";
import { postgresUrl } from "../../support/postgres.ts";
import { missing } from "../../support/require.ts";

const SERVERS = 3;
/** Things that wait for a service. */
const MANY = 24;
const YEAR = 365 * 86_400;
const each = <T>(make: (at: number) => Promise<T>) => Promise.all(Array.from({ length: MANY }, (_, at) => make(at)));

interface Replicas extends AsyncDisposable {
  readonly api: Api;
  readonly flow_id: string;
  /** The time that many seconds from now. */
  in(seconds: number): string;
  pass(seconds: number): void;
  /** One pass of the service on every server at the same time. */
  tick(service: Service): Promise<readonly number[]>;
  count(query: string): Promise<number>;
  inconsistencies(): Promise<readonly string[]>;
}

/** Several servers on one PostgreSQL, which share a clock. */
async function startReplicas(): Promise<Replicas> {
  const database = await createTestDatabase("postgresql", postgresUrl());
  const clock = movableClock();
  const env = {
    PREFECT_SERVER_DATABASE_CONNECTION_URL: database.connectionUrl,
    PREFECT_SERVER_REGISTER_BLOCKS_ON_START: "false",
    PREFECT_SERVER_SERVICES_DB_VACUUM_BATCH_SIZE: "12",
  };
  const settings = loadSettings({ env, cwd: "/nowhere", homeDir: "/nowhere" });
  const options = { settings, log: silentLogger, host: "127.0.0.1", port: 0, services: false, clock };
  const servers = await Promise.all(Array.from({ length: SERVERS }, () => startServer(options)));
  const [{ apiUrl, ctx }] = servers as [RunningServer];
  const api = createApi(apiUrl);
  const { id: flow_id } = await api.post("/flows/", { name: "f" });
  return {
    api,
    flow_id,
    in: clock.in,
    pass: clock.pass,
    tick: (service) => Promise.all(servers.map((server) => service.tick(server.ctx))),
    async count(query) {
      const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.raw(query)}`.execute(ctx.db.read);
      return Number(rows[0]?.n);
    },
    inconsistencies: () => findInconsistencies(ctx.db),
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => server.stop()));
      await database[Symbol.asyncDispose]();
    },
  };
}

const createRun = (at: Replicas, state: object) => at.api.post("/flow_runs/", { flow_id: at.flow_id, state });
const setState = async (at: Replicas, state: object) => {
  const { id } = await createRun(at, { type: "RUNNING" });
  await at.api.post(`/flow_runs/${id}/set_state`, { state, force: true });
};
const events = (name: string) => `events where event = '${name}'`;

describe.skipIf(missing("postgresql"))("several servers at the same time", () => {
  test("mark each late run once", async () => {
    await using at = await startReplicas();
    await each(() => createRun(at, { type: "SCHEDULED", state_details: { scheduled_time: at.in(0) } }));
    at.pass(60);

    await at.tick(lateRuns);

    expect(await at.count("flow_run where state_name = 'Late'")).toBe(MANY);
    expect(await at.count("flow_run_state where name = 'Late'")).toBe(MANY);
    expect(await at.count(events("prefect.flow-run.Late"))).toBe(MANY);
    expect(await at.inconsistencies()).toEqual([]);
  });

  test("fail each run whose pause is over once", async () => {
    await using at = await startReplicas();
    await each(() => setState(at, { type: "PAUSED", state_details: { pause_timeout: at.in(30) } }));
    at.pass(60);

    await at.tick(pauseExpirations);

    expect(await at.count("flow_run_state where type = 'FAILED'")).toBe(MANY);
    expect(await at.count(events("prefect.flow-run.Failed"))).toBe(MANY);
    expect(await at.inconsistencies()).toEqual([]);
  });

  test("end each cancellation that nobody carries out once", async () => {
    await using at = await startReplicas();
    await each(() => setState(at, { type: "CANCELLING" }));
    at.pass(400);

    await at.tick(cancellation);

    expect(await at.count("flow_run_state where type = 'CANCELLED'")).toBe(MANY);
    expect(await at.count(events("prefect.flow-run.Cancelled"))).toBe(MANY);
    expect(await at.inconsistencies()).toEqual([]);
  });

  test("tell once of each pool, queue and deployment that nobody serves any more", async () => {
    await using at = await startReplicas();
    await each(async (n) => {
      await at.api.post("/work_pools/", { name: `p${n}`, type: "process" });
      await at.api.post("/deployments/", { name: `d${n}`, flow_id: at.flow_id, work_pool_name: `p${n}` });
      await at.api.post(`/work_pools/p${n}/workers/heartbeat`, { name: "w", heartbeat_interval_seconds: 10 });
      await at.api.post(`/work_pools/p${n}/get_scheduled_flow_runs`, {});
    });
    await at.api.until(
      () => at.api.post("/events/filter", { filter: { event: { name: ["prefect.deployment.ready"] } } }),
      (answer) => answer.at("total") === MANY,
    );
    at.pass(120);

    await at.tick(foreman);

    for (const kind of ["work-pool", "work-queue", "deployment"]) {
      const stale = events(`prefect.${kind}.not-ready`);
      expect([kind, await at.count(`${stale} and occurred > '2030-01-01T00:02:00Z'`)]).toEqual([kind, MANY]);
    }
    expect(await at.count("worker where status = 'OFFLINE'")).toBe(MANY);
  });

  test("take back the slots of each lease once", async () => {
    await using at = await startReplicas();
    await at.api.post("/v2/concurrency_limits/", { name: "l", limit: MANY + 5 });
    const take = (lease_duration: number) =>
      at.api.post("/v2/concurrency_limits/increment-with-lease", { names: ["l"], slots: 1, lease_duration });
    await each(() => take(60));
    for (let kept = 0; kept < 3; kept++) await take(7200);
    at.pass(3600);

    const taken = await at.tick(leaseRepossessor);

    expect(taken.reduce((sum, count) => sum + count, 0)).toBe(MANY);
    expect((await at.api.get("/v2/concurrency_limits/l")).at("active_slots")).toBe(3);
  });

  test("make each run of a schedule once", async () => {
    await using at = await startReplicas();
    const schedules = [{ schedule: { interval: 3600, anchor_date: "2020-01-01T00:00:00Z" } }];
    await each((n) => at.api.post("/deployments/", { name: `d${n}`, flow_id: at.flow_id, schedules }));

    const made = await at.tick(scheduler);

    expect(made.reduce((sum, count) => sum + count, 0)).toBe(MANY * 3);
    expect(await at.count("flow_run")).toBe(MANY * 3);
    expect(await at.count("(select distinct deployment_id, expected_start_time from flow_run) as times")).toBe(
      MANY * 3,
    );
    expect(await at.count("flow_run r left join flow_run_state s on s.id = r.state_id where s.id is null")).toBe(0);
  });

  test("share the deleting of what is old", async () => {
    await using at = await startReplicas();
    await each(async () => {
      const { id } = await createRun(at, { type: "COMPLETED" });
      const log = { name: "l", level: 20, message: "m", timestamp: at.in(0), flow_run_id: id };
      await at.api.post("/logs/", [log, log, log]);
    });
    at.pass(YEAR + 60);
    await createRun(at, { type: "COMPLETED" });
    const stored = await at.count("events");

    const rows = await at.tick(flowRunRetention);
    const deleted = await at.tick(eventRetention);

    expect(rows.reduce((sum, count) => sum + count, 0)).toBe(MANY * 4);
    expect(await at.count("flow_run")).toBe(1);
    expect(await at.count("log")).toBe(0);
    expect(deleted.reduce((sum, count) => sum + count, 0)).toBe(stored - (await at.count("events")));
    expect(await at.inconsistencies()).toEqual([]);
  });
});
