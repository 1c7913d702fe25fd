import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { uuid7Ids } from "../../../src/kit/ids.ts";
import { addSeconds } from "../../../src/kit/timestamp.ts";
import type { Event } from "../../../src/schemas/event.ts";
import type { StateType } from "../../../src/schemas/state.ts";
import type { RunningServer } from "../../../src/server/main.ts";
import { startTestServer } from "../../../src/testing/test-server.ts";
import { postgresUrl } from "../../support/postgres.ts";
import { missing } from "../../support/require.ts";

const ids = uuid7Ids(() => Date.now());
const START = "2026-01-01T00:00:00.000100Z";

interface Report {
  readonly taskRunId: string;
  readonly flowRunId: string | null;
  readonly dynamicKey: string;
  readonly type: StateType;
  readonly seconds: number;
  readonly id?: string;
  readonly columns?: Readonly<Record<string, unknown>>;
}

/** The event by which a client reports that a task run entered a state `seconds` after the start. */
function taskRunEvent(report: Report): Event {
  const { taskRunId, flowRunId, type, columns } = report;
  const name = type.charAt(0) + type.slice(1).toLowerCase();
  return {
    id: report.id ?? ids.next(),
    occurred: addSeconds(START, report.seconds),
    event: `prefect.task-run.${name}`,
    resource: { "prefect.resource.id": `prefect.task-run.${taskRunId}`, "prefect.orchestration": "client" },
    related:
      flowRunId === null
        ? []
        : [{ "prefect.resource.id": `prefect.flow-run.${flowRunId}`, "prefect.resource.role": "flow-run" }],
    payload: {
      validated_state: { type, name, message: `is ${name}`, state_details: {}, data: null },
      task_run: {
        task_key: "a-task",
        dynamic_key: report.dynamicKey,
        name: `task ${report.dynamicKey}`,
        tags: ["x"],
        labels: { team: "blue" },
        run_count: type === "PENDING" ? 0 : 1,
        total_run_time: report.seconds,
        ...columns,
      },
    },
    follows: null,
  };
}

async function createFlowRun({ apiUrl }: RunningServer): Promise<string> {
  const post = async (path: string, body: object): Promise<{ id: string }> =>
    (
      await fetch(`${apiUrl}${path}`, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      })
    ).json() as Promise<{ id: string }>;
  const flow = await post("/flows/", { name: "a-flow" });
  return (await post("/flow_runs/", { flow_id: flow.id, labels: { team: "red" } })).id;
}

/** What is stored of a flow run's task runs, without the times of writing. */
async function stored({ ctx }: RunningServer, flowRunId: string) {
  const runs = await ctx.db.read
    .selectFrom("task_run")
    .select(["id", "name", "dynamic_key", "state_id", "state_type", "state_timestamp", "run_count", "total_run_time"])
    .where("flow_run_id", "=", flowRunId)
    .orderBy("dynamic_key")
    .execute();
  const states = await ctx.db.read
    .selectFrom("task_run_state")
    .select(["id", "type", "timestamp", "task_run_id"])
    .where("task_run_id", "in", [ids.next(), ...runs.map(({ id }) => id)])
    .orderBy("id")
    .execute();
  return { runs, states };
}

const LIFE: readonly StateType[] = ["PENDING", "RUNNING", "COMPLETED"];

/** The events of three task runs, in the order they occurred. */
function threeLives(flowRunId: string): readonly Event[] {
  return ["0", "1", "2"].flatMap((dynamicKey) => {
    const taskRunId = ids.next();
    return LIFE.map((type, seconds) => taskRunEvent({ taskRunId, flowRunId, dynamicKey, type, seconds }));
  });
}

/** Any order of nine events, some of them twice, in batches of any size. */
const deliveries = fc
  .tuple(
    fc.shuffledSubarray(
      Array.from({ length: 9 }, (_, index) => index),
      { minLength: 9 },
    ),
    fc.array(fc.nat(8), { maxLength: 6 }),
    fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 15, maxLength: 15 }),
  )
  .map(([order, again, sizes]) => {
    const rest = [...order.slice(0, 5), ...again, ...order.slice(5)];
    const batches: number[][] = [];
    for (const size of sizes) if (rest.length > 0) batches.push(rest.splice(0, size));
    return batches;
  });

describe.each(["sqlite", "postgresql"] as const)("recording task runs on %s", (database) => {
  const lacks = database === "postgresql" && missing("postgresql");
  const start = () => startTestServer({ database, postgresUrl: postgresUrl() });

  test.skipIf(lacks)("any order and repetition of the same events ends in the same task runs and states", async () => {
    await using server = await start();

    await fc.assert(
      fc.asyncProperty(deliveries, async (batches) => {
        const flowRunId = await createFlowRun(server);
        const events = threeLives(flowRunId);

        for (const batch of batches) await server.ctx.ingest.add(batch.map((index) => events[index] as Event));

        const { runs, states } = await stored(server, flowRunId);
        expect(states.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
        expect(runs.map(({ state_id }) => state_id)).toEqual([2, 5, 8].map((last) => events[last]?.id));
        expect(runs[0]).toMatchObject({
          name: "task 0",
          dynamic_key: "0",
          state_type: "COMPLETED",
          state_timestamp: addSeconds(START, 2),
          run_count: 1,
          total_run_time: 2,
        });
      }),
      { numRuns: 30 },
    );
  });

  test.skipIf(lacks)(
    "the id that first held a natural key stays the run's, and later states attach to it",
    async () => {
      await using server = await start();
      const flowRunId = await createFlowRun(server);
      const [first, second] = [ids.next(), ids.next()];
      const report = { flowRunId, dynamicKey: "0" };

      await server.ctx.ingest.add([taskRunEvent({ ...report, taskRunId: first, type: "PENDING", seconds: 0 })]);
      await server.ctx.ingest.add([
        taskRunEvent({ ...report, taskRunId: second, type: "RUNNING", seconds: 1 }),
        taskRunEvent({ ...report, taskRunId: second, type: "COMPLETED", seconds: 2 }),
      ]);

      const { runs, states } = await stored(server, flowRunId);
      expect(runs).toMatchObject([{ id: first, state_type: "COMPLETED" }]);
      expect(states.map(({ task_run_id }) => task_run_id)).toEqual([first, first, first]);
    },
  );

  test.skipIf(lacks)("two states at the same moment are both kept, the terminal one as the current", async () => {
    await using server = await start();
    const flowRunId = await createFlowRun(server);
    const report = { flowRunId, dynamicKey: "0", taskRunId: ids.next(), seconds: 1 };
    const [running, completed] = [
      taskRunEvent({ ...report, type: "RUNNING" }),
      taskRunEvent({ ...report, type: "COMPLETED" }),
    ];

    await server.ctx.ingest.add([completed]);
    await server.ctx.ingest.add([running, completed]);

    const { runs, states } = await stored(server, flowRunId);
    expect(runs).toMatchObject([{ state_type: "COMPLETED" }]);
    expect(states.map(({ type }) => type)).toEqual(["RUNNING", "COMPLETED"]);
    expect(new Set(states.map(({ timestamp }) => timestamp)).size).toBe(2);
  });

  test.skipIf(lacks)("a report whose flow run is gone is kept as an event and makes no task run", async () => {
    await using server = await start();
    const taskRunId = ids.next();
    const event = taskRunEvent({ taskRunId, flowRunId: ids.next(), dynamicKey: "0", type: "RUNNING", seconds: 0 });

    await server.ctx.ingest.add([event]);

    const events = await server.ctx.db.read.selectFrom("events").select("id").execute();
    expect(events).toEqual([{ id: event.id }]);
    expect((await fetch(`${server.apiUrl}/task_runs/${taskRunId}`)).status).toBe(404);
  });

  test.skipIf(lacks)("a report that cannot be read is kept as an event and spoils no other", async () => {
    await using server = await start();
    const flowRunId = await createFlowRun(server);
    const report = { flowRunId, dynamicKey: "0", taskRunId: ids.next(), seconds: 1 };
    const broken = taskRunEvent({ ...report, type: "RUNNING", columns: { task_key: null } });

    await server.ctx.ingest.add([broken, taskRunEvent({ ...report, type: "PENDING" })]);

    const { runs } = await stored(server, flowRunId);
    expect(runs).toMatchObject([{ state_type: "PENDING" }]);
  });

  test.skipIf(lacks)(
    "a task run outside any flow run is known by its id, and shown with the client's labels",
    async () => {
      await using server = await start();
      const taskRunId = ids.next();
      const report = { taskRunId, flowRunId: null, dynamicKey: "0" };

      await server.ctx.ingest.add([
        taskRunEvent({ ...report, type: "COMPLETED", seconds: 2 }),
        taskRunEvent({ ...report, type: "PENDING", seconds: 0 }),
      ]);

      const answer = await fetch(`${server.apiUrl}/task_runs/${taskRunId}`);
      expect(await answer.json()).toMatchObject({
        id: taskRunId,
        flow_run_id: null,
        labels: { team: "blue" },
        tags: ["x"],
        state: { type: "COMPLETED", message: "is Completed", state_details: { task_run_id: taskRunId } },
      });
    },
  );
});
