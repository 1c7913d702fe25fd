import { sql } from "kysely";
import { afterAll, beforeAll } from "vitest";
import type { Database } from "../../../src/db/database.ts";
import type { Dialect } from "../../../src/db/dialects/dialect.ts";
import type { Condition } from "../../../src/db/dialects/expressions.ts";
import type { NewRow, TableName } from "../../../src/db/tables.ts";
import { forEachDatabase } from "../../support/for-each-database.ts";

/** A fixed id, so that filters can name rows. */
export const uuid = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;

/** A time of the day all rows live in. */
export const at = (time: string) => `2026-03-01T${time}Z`;

export const FLOWS = { alpha: uuid(1), Beta: uuid(2), gamma: uuid(3) };
export const DEPLOYMENTS = { daily: uuid(11), "nightly_50%": uuid(12) };
export const POOLS = { local: uuid(21), cloud: uuid(22) };
export const QUEUES = { default: uuid(31), Fast: uuid(32) };
export const RUNS = { done: uuid(41), busy: uuid(42), late: uuid(43), child: uuid(44) };
export const TASKS = { parent: uuid(51), failed: uuid(52), background: uuid(53), pending: uuid(54) };
export const CREATOR = uuid(61);
export const GONE = uuid(99);
const RELATED_FLOW = JSON.stringify([{ "prefect.resource.id": "prefect.flow.1", "prefect.resource.role": "flow" }]);
const TRIGGER = JSON.stringify({ type: "event", id: uuid(131), posture: "Reactive", threshold: 1, within: 0 });
export const WEIRD_NAME = `50%_off\\ 'x'; drop table flow; --"`;

/** Opens a seeded database per kind for tests that only read it. */
export function forEachSeededDatabase(tests: (database: () => Database) => void): void {
  forEachDatabase((open) => {
    let database: Database;
    beforeAll(async () => {
      database = await open();
      await seed(database);
    });
    afterAll(() => database.close());
    tests(() => database);
  });
}

/** The values of `column` in the rows of `table` that match, in order of id. */
export async function listMatches(
  database: Database,
  table: TableName,
  { column, match }: { readonly column: string; readonly match: (dialect: Dialect) => Condition },
): Promise<unknown[]> {
  const [value, id] = [sql.ref(`${table}.${column}`), sql.ref(`${table}.id`)];
  const query = sql<{
    value: unknown;
  }>`select ${value} as value from ${sql.table(table)} where ${match(database.dialect)} order by ${id}`;
  return (await query.execute(database.read)).rows.map((row) => row.value);
}

export async function seed(database: Database): Promise<void> {
  const { dialect } = database;
  const time = (text: string) => dialect.timestamp(at(text));
  await database.write(async (tx) => {
    const insert = async <T extends TableName>(table: T, rows: readonly NewRow<T>[]) => {
      for (const row of rows)
        await tx
          .insertInto(table)
          .values(row as never)
          .execute();
    };
    await insert("flow", [
      { id: FLOWS.alpha, name: "alpha", tags: '["x", "y"]' },
      { id: FLOWS.Beta, name: "Beta" },
      { id: FLOWS.gamma, name: "gamma", tags: '["y", "\\u00e9"]' },
    ]);
    await insert("work_pool", [
      { id: POOLS.local, name: "local", type: "process" },
      { id: POOLS.cloud, name: "cloud", type: "docker" },
    ]);
    await insert("work_queue", [
      { id: QUEUES.default, name: "default", work_pool_id: POOLS.local },
      { id: QUEUES.Fast, name: "Fast", work_pool_id: POOLS.cloud, priority: 2 },
    ]);
    for (const [pool, queue] of [
      [POOLS.local, QUEUES.default],
      [POOLS.cloud, QUEUES.Fast],
    ] as const)
      await tx.updateTable("work_pool").set({ default_queue_id: queue }).where("id", "=", pool).execute();
    await insert("deployment", [
      {
        id: DEPLOYMENTS.daily,
        name: "daily",
        flow_id: FLOWS.alpha,
        paused: true,
        tags: '["x"]',
        work_queue_id: QUEUES.default,
        work_queue_name: "default",
      },
      { id: DEPLOYMENTS["nightly_50%"], name: "nightly_50%", flow_id: FLOWS.Beta },
    ]);
    await insert("flow_run", [
      {
        id: RUNS.done,
        name: "done",
        flow_id: FLOWS.alpha,
        deployment_id: DEPLOYMENTS.daily,
        work_queue_id: QUEUES.default,
        work_queue_name: "default",
        state_type: "COMPLETED",
        state_name: "Completed",
        expected_start_time: time("09:00:00"),
        start_time: time("10:00:00"),
        end_time: time("11:00:00"),
        total_run_time: dialect.interval(3600),
        tags: '["x", "y"]',
        flow_version: "1",
        created_by: JSON.stringify({ id: CREATOR, type: "SCHEDULE", display_value: "daily" }),
      },
      {
        id: RUNS.busy,
        name: "busy",
        flow_id: FLOWS.alpha,
        state_type: "RUNNING",
        state_name: "Retrying",
        state_timestamp: time("12:00:00.500000"),
        expected_start_time: time("12:00:00"),
        start_time: time("12:00:00.500000"),
        total_run_time: dialect.interval(10.25),
        tags: '["y"]',
        idempotency_key: "k1",
        created_by: JSON.stringify({ id: null, type: "AUTOMATION" }),
      },
      {
        id: RUNS.late,
        name: "late",
        flow_id: FLOWS.Beta,
        deployment_id: DEPLOYMENTS["nightly_50%"],
        work_queue_id: QUEUES.Fast,
        work_queue_name: "Fast",
        state_type: "SCHEDULED",
        state_name: "Late",
        expected_start_time: time("13:00:00"),
        next_scheduled_start_time: time("13:00:00"),
        auto_scheduled: true,
      },
    ]);
    await insert("task_run", [
      {
        id: TASKS.parent,
        name: "parent",
        flow_run_id: RUNS.done,
        task_key: "a",
        dynamic_key: "0",
        state_type: "COMPLETED",
        state_name: "Completed",
        expected_start_time: time("10:00:01"),
        start_time: time("10:00:02"),
        end_time: time("10:00:10"),
        total_run_time: dialect.interval(8),
        tags: '["x"]',
      },
      {
        id: TASKS.failed,
        name: "Failed one",
        flow_run_id: RUNS.done,
        task_key: "b",
        dynamic_key: "0",
        state_type: "FAILED",
        state_name: "TimedOut",
        expected_start_time: time("10:00:03"),
        start_time: time("10:00:03"),
        end_time: time("10:30:00"),
        total_run_time: dialect.interval(1797),
      },
      {
        id: TASKS.background,
        name: "background",
        task_key: "c",
        dynamic_key: "0",
        state_type: "RUNNING",
        state_name: "Running",
        state_timestamp: time("12:00:00"),
        start_time: time("12:00:00"),
      },
      { id: TASKS.pending, name: "pending", flow_run_id: RUNS.busy, task_key: "a", dynamic_key: "0" },
    ]);
    await insert("flow_run", [
      { id: RUNS.child, name: WEIRD_NAME, flow_id: FLOWS.gamma, deployment_id: GONE, parent_task_run_id: TASKS.parent },
    ]);
    await insert("log", [
      {
        id: uuid(71),
        name: "prefect.flow_runs",
        level: 20,
        message: "Starting 100% up",
        timestamp: time("10:00:00"),
        flow_run_id: RUNS.done,
      },
      {
        id: uuid(72),
        name: "prefect.task_runs",
        level: 40,
        message: "Connection TIMEOUT here",
        timestamp: time("10:00:05"),
        flow_run_id: RUNS.done,
        task_run_id: TASKS.failed,
      },
      { id: uuid(73), name: "prefect.worker", level: 10, message: 'say "hi" c:\\temp', timestamp: time("10:00:09") },
    ]);
    await insert("artifact", [
      { id: uuid(81), key: "report", type: "markdown", flow_run_id: RUNS.done },
      { id: uuid(82), type: "result", flow_run_id: RUNS.done, task_run_id: TASKS.parent },
      { id: uuid(83), key: "Table_1", flow_run_id: RUNS.busy },
    ]);
    await insert("artifact_collection", [
      { id: uuid(84), key: "report", type: "markdown", flow_run_id: RUNS.done, latest_id: uuid(81) },
      { id: uuid(85), key: "Table_1", flow_run_id: RUNS.busy, latest_id: uuid(83) },
    ]);
    await insert("variable", [
      { id: uuid(91), name: "one", value: "1", tags: '["x"]' },
      { id: uuid(92), name: "t_two", value: "null" },
    ]);
    await insert("worker", [
      { id: uuid(101), name: "w1", work_pool_id: POOLS.local, status: "ONLINE", last_heartbeat_time: time("10:00:00") },
      {
        id: uuid(102),
        name: "w2",
        work_pool_id: POOLS.local,
        status: "OFFLINE",
        last_heartbeat_time: time("09:00:00"),
      },
    ]);
    await insert("block_type", [
      { id: uuid(111), name: "Slack Webhook", slug: "slack-webhook" },
      { id: uuid(112), name: "S3", slug: "s3" },
    ]);
    await insert("block_schema", [
      { id: uuid(113), checksum: "c1", block_type_id: uuid(111), capabilities: '["notify"]' },
      {
        id: uuid(114),
        checksum: "c2",
        block_type_id: uuid(112),
        capabilities: '["read-path", "write-path"]',
        version: "2.0",
      },
    ]);
    await insert("block_document", [
      {
        id: uuid(115),
        name: "team",
        block_type_id: uuid(111),
        block_schema_id: uuid(113),
        block_type_name: "Slack Webhook",
      },
      { id: uuid(116), name: "anonymous-1", block_type_id: uuid(112), block_schema_id: uuid(114), is_anonymous: true },
    ]);
    const event = (number: number, name: string, resource: Record<string, string>) => ({
      id: uuid(number),
      event: name,
      occurred: time(`1${number % 10}:00:00`),
      received: time("20:00:00"),
      recorded: time("20:00:00"),
      resource_id: resource["prefect.resource.id"] ?? "",
      resource: JSON.stringify(resource),
      related: RELATED_FLOW,
      payload: '{"text": "Hello World"}',
    });
    const role = (of: number, [resource_id, resource_role]: readonly [string, string], labels: object) => ({
      event_id: uuid(of),
      occurred: time(`1${of % 10}:00:00`),
      resource_id,
      resource_role,
      resource: JSON.stringify(labels),
    });
    await insert("events", [
      event(140, "prefect.flow-run.Completed", { "prefect.resource.id": "prefect.flow-run.1", "a.b": "x_y" }),
      event(141, "prefect.flow-run.Failed", { "prefect.resource.id": "prefect.flow-run.2", "a.b": "xzy" }),
      event(142, "custom_event", { "prefect.resource.id": "my.thing" }),
    ]);
    await insert("event_resources", [
      role(140, ["prefect.flow-run.1", ""], { "prefect.resource.name": "done", "a.b": "x_y" }),
      role(140, ["prefect.flow.1", "flow"], { "prefect.resource.name": "alpha" }),
      role(141, ["prefect.flow-run.2", ""], { "prefect.resource.name": "busy", "a.b": "xzy" }),
      role(141, ["prefect.flow.1", "flow"], { "prefect.resource.name": "alpha" }),
      role(141, ["prefect.tag.x", "tag"], {}),
      role(142, ["my.thing", ""], {}),
    ]);
    await insert("automation", [
      {
        id: uuid(121),
        name: "notify",
        description: "",
        trigger: TRIGGER,
        actions: '[{"type": "do-nothing"}]',
        tags: '["x"]',
        created: time("08:00:00"),
      },
      {
        id: uuid(122),
        name: "cancel",
        description: "",
        trigger: TRIGGER,
        actions: '[{"type": "do-nothing"}]',
        created: time("12:00:00"),
      },
    ]);
  });
}
