import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { openDatabase } from "../../src/db/database.ts";
import { createTestDatabase } from "../../src/testing/test-databases.ts";
import { waitUntil } from "../support/disposable.ts";
import { postgresUrl } from "../support/postgres.ts";
import { missing } from "../support/require.ts";
import { connectApi, createFlow, createRun } from "./api.ts";
import { findInconsistencies } from "./consistency.ts";
import { startServerProcess } from "./server-process.ts";

const RUNS = 300;
const CRASHED_BEFORE_KILL = 50;
const SETTINGS = {
  PREFECT_SERVER_SERVICES_RUN_LEASES_LEASE_SECONDS: "4",
  PREFECT_SERVER_SERVICES_RUN_LEASES_LOOP_SECONDS: "1",
};

function heartbeat(runId: string) {
  const resource = { "prefect.resource.id": `prefect.flow-run.${runId}` };
  return { id: randomUUID(), occurred: new Date().toISOString(), event: "prefect.flow-run.heartbeat", resource };
}

test.skipIf(missing("postgresql"))(
  "of two servers, one killed in between, exactly one crashes each run whose process is dead",
  { timeout: 180_000 },
  async () => {
    await using made = await createTestDatabase("postgresql", postgresUrl());
    await using database = openDatabase(made.config);
    const [first, second] = await Promise.all([
      startServerProcess(made.connectionUrl, SETTINGS),
      startServerProcess(made.connectionUrl, SETTINGS),
    ]);
    await using _first = first;
    await using _second = second;
    await using api = connectApi(second.apiUrl, 8);
    const flowId = await createFlow(api, "dead");
    const ids = await Promise.all(Array.from({ length: RUNS }, () => createRun(api, flowId, "RUNNING")));
    const silent = await createRun(api, flowId, "RUNNING");
    await api.post("/events", ids.map(heartbeat));
    const countCrashed = async () => {
      const { rows } = await sql<{ n: number }>`
        select count(*) as n from flow_run where state_type = 'CRASHED'`.execute(database.read);
      return Number(rows[0]?.n);
    };

    await waitUntil("some are crashed", async () => (await countCrashed()) >= CRASHED_BEFORE_KILL, {
      intervalMs: 5,
      timeoutMs: 60_000,
    });
    await first.kill();
    await waitUntil("all are crashed", async () => (await countCrashed()) === RUNS, { timeoutMs: 60_000 });

    const { rows } = await sql<{ states: number; events: number }>`
      select (select count(*) from flow_run_state where type = 'CRASHED') as states,
        (select count(*) from events where event = 'prefect.flow-run.Crashed') as events`.execute(database.read);
    expect(rows).toEqual([{ states: RUNS, events: RUNS }]);
    expect((await api.get<{ state_type: string }>(`/flow_runs/${silent}`)).state_type).toBe("RUNNING");
    expect(await findInconsistencies(database)).toEqual([]);
    expect(second.errors()).toBe("");
  },
);
