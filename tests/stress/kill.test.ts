import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { createTestDatabase } from "../../src/testing/test-databases.ts";
import { waitUntil } from "../support/disposable.ts";
import { postgresUrl } from "../support/postgres.ts";
import { databaseRequirements, missing } from "../support/require.ts";
import { type Api, connectApi, createFlow, createRun, runLifecycle, setState } from "./api.ts";
import { findInconsistencies } from "./consistency.ts";
import { startServerProcess } from "./server-process.ts";

const CONNECTIONS = 16;
const ACKNOWLEDGED_BEFORE_KILL = 800;
const STATES = ["PENDING", "RUNNING", "COMPLETED"];

/** What the server said it had done. */
interface Acknowledged {
  /** Run id → the last state it was acknowledged to be in. */
  readonly runs: Map<string, string>;
  readonly logs: string[];
  readonly events: string[];
  readonly taskRuns: string[];
  count(): number;
}

function nothingYet(): Acknowledged {
  const runs = new Map<string, string>();
  const [logs, events, taskRuns]: [string[], string[], string[]] = [[], [], []];
  return { runs, logs, events, taskRuns, count: () => runs.size + logs.length + events.length + taskRuns.length };
}

/** Does what a run's engine does, until the server is gone. */
async function work(api: Api, flowId: string, done: Acknowledged): Promise<void> {
  for (;;) {
    const id = await createRun(api, flowId);
    done.runs.set(id, "PENDING");
    await setState(api, id, "RUNNING");
    done.runs.set(id, "RUNNING");
    const message = `log ${id}`;
    const at = new Date().toISOString();
    const log = { name: "stress", level: 20, message, timestamp: at, flow_run_id: id };
    await api.post("/logs/", [log, log]);
    done.logs.push(message);
    const event = taskRunEvent(id, at);
    await api.post("/events", [event.body, otherEvent(at)]);
    done.events.push(event.body.id);
    done.taskRuns.push(event.taskRunId);
    await setState(api, id, "COMPLETED");
    done.runs.set(id, "COMPLETED");
  }
}

function otherEvent(occurred: string) {
  return { id: randomUUID(), occurred, event: "stress.happened", resource: { "prefect.resource.id": "stress.1" } };
}

function taskRunEvent(flowRunId: string, occurred: string) {
  const taskRunId = randomUUID();
  const id = randomUUID();
  const body = {
    id,
    occurred,
    event: "prefect.task-run.Running",
    resource: {
      "prefect.resource.id": `prefect.task-run.${taskRunId}`,
      "prefect.resource.name": "t-0",
      "prefect.state-message": "",
      "prefect.state-name": "Running",
      "prefect.state-timestamp": occurred,
      "prefect.state-type": "RUNNING",
      "prefect.orchestration": "client",
    },
    related: [{ "prefect.resource.id": `prefect.flow-run.${flowRunId}`, "prefect.resource.role": "flow-run" }],
    payload: {
      intended: { from: "PENDING", to: "RUNNING" },
      validated_state: { type: "RUNNING", name: "Running", message: "", state_details: {}, data: null },
      task_run: {
        name: "t-0",
        task_key: `t-${taskRunId}`,
        dynamic_key: "0",
        empirical_policy: {},
        tags: [],
        labels: {},
      },
    },
  };
  return { taskRunId, body };
}

async function expectAllThere(database: Database, done: Acknowledged): Promise<void> {
  const runs = await sql<{ id: string; state_type: string }>`select id, state_type from flow_run`.execute(
    database.read,
  );
  const stateOf = new Map(runs.rows.map((row) => [row.id, row.state_type]));
  const isBehind = ([id, state]: [string, string]) => STATES.indexOf(stateOf.get(id) ?? "") < STATES.indexOf(state);
  expect([...done.runs].filter(isBehind)).toEqual([]);

  const logs = await sql<{
    message: string;
    n: number;
  }>`select message, count(*) as n from log group by message`.execute(database.read);
  const logged = new Map(logs.rows.map((row) => [row.message, Number(row.n)]));
  expect(done.logs.filter((message) => logged.get(message) !== 2)).toEqual([]);

  for (const [table, ids] of [
    ["events", done.events],
    ["task_run", done.taskRuns],
  ] as const) {
    const { rows } = await sql<{ id: string }>`select id from ${sql.table(table)}`.execute(database.read);
    const known = new Set(rows.map((row) => row.id));
    expect(ids.filter((id) => !known.has(id))).toEqual([]);
  }
}

describe.each(["sqlite", "postgresql"] as const)("a server on %s killed under load", (kind) => {
  test.skipIf(missing(...databaseRequirements(kind)))(
    "has kept all it acknowledged and half of nothing, and its runs go on with the next server",
    { timeout: 60_000 },
    async () => {
      await using made = await createTestDatabase(kind, postgresUrl());
      const done = nothingYet();
      {
        await using server = await startServerProcess(made.connectionUrl);
        await using api = connectApi(server.apiUrl, CONNECTIONS);
        const flowId = await createFlow(api, "killed");
        const working = Array.from({ length: CONNECTIONS }, () => work(api, flowId, done));
        const ended = Promise.allSettled(working);
        const failed = Promise.race(working);
        await Promise.race([
          failed,
          waitUntil("enough is acknowledged", () => done.count() >= ACKNOWLEDGED_BEFORE_KILL, { intervalMs: 5 }),
        ]);
        await server.kill();
        await ended;
        expect(server.errors()).toBe("");
      }
      await using server = await startServerProcess(made.connectionUrl);
      await using database = openDatabase(made.config);
      await expectAllThere(database, done);
      expect(await findInconsistencies(database)).toEqual([]);

      await using api = connectApi(server.apiUrl, CONNECTIONS);
      const running = [...done.runs].filter(([, state]) => state === "RUNNING").map(([id]) => id);
      for (const id of running) expect(["ACCEPT", "ABORT"]).toContain(await setState(api, id, "COMPLETED"));
      const states = await Promise.all(running.map((id) => api.get<{ state_type: string }>(`/flow_runs/${id}`)));
      expect(states.map(({ state_type }) => state_type)).toEqual(running.map(() => "COMPLETED"));
      await runLifecycle(api, await createFlow(api, "after"));
      expect(await findInconsistencies(database)).toEqual([]);
    },
  );
});
