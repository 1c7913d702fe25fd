import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../../../src/db/database.ts";
import type { Condition } from "../../../src/db/dialects/expressions.ts";
import { matchLog } from "../../../src/db/filters/log.ts";
import { matchingFlowRuns, matchingTaskRuns, type RelatedFilters } from "../../../src/db/filters/related.ts";
import { flowRunOrder, logOrder, type Order, taskRunOrder } from "../../../src/db/filters/sorting.ts";
import type { TableName } from "../../../src/db/tables.ts";
import { openTestDatabase } from "../../../src/testing/test-databases.ts";
import { at, uuid } from "./seed.ts";

// SQLite plans by the statistics a new database is given. PostgreSQL plans by the size of its tables.
let database: Database;
beforeAll(async () => {
  database = await openTestDatabase("sqlite");
});
afterAll(() => database.close());

async function plan(table: TableName, where: Condition, order: Order): Promise<string> {
  const query = sql`select * from ${sql.table(table)} where ${where} order by ${order} limit 50`;
  const { rows } = await sql<{ detail: string }>`explain query plan ${query}`.execute(database.read);
  return rows.map((row) => row.detail).join("\n");
}

const range = { after_: at("01:00:00"), before_: at("02:00:00") };

const flowRunLists: readonly (readonly [RelatedFilters, Parameters<typeof flowRunOrder>[0], index: string])[] = [
  [{}, "ID_DESC", "sqlite_autoindex_flow_run_1"],
  [{}, "START_TIME_DESC", "ix_flow_run__coalesce_start_time_expected_start_time_desc"],
  [{}, "EXPECTED_START_TIME_DESC", "prefect_ts_ix_flow_run__expected"],
  [
    { flow_runs: { state: { type: { any_: ["RUNNING"] } } } },
    "START_TIME_DESC",
    "ix_flow_run__state_type_coalesce_start_time",
  ],
  [
    { flow_runs: { state: { type: { any_: ["FAILED", "CRASHED"] } } } },
    "ID_DESC",
    "ix_flow_run__state_type_coalesce_start_time",
  ],
  [
    { flow_runs: { start_time: range } },
    "START_TIME_DESC",
    "ix_flow_run__coalesce_start_time_expected_start_time_desc",
  ],
  [{ flow_runs: { expected_start_time: range } }, "START_TIME_DESC", "prefect_ts_ix_flow_run__expected"],
  [{ flow_runs: { id: { any_: [uuid(1), uuid(2)] } } }, "START_TIME_DESC", "sqlite_autoindex_flow_run_1"],
  [{ flow_runs: { parent_flow_run_id: { any_: [uuid(1)] } } }, "START_TIME_DESC", "prefect_ts_ix_flow_run__parent"],
  [{ flow_runs: { deployment_id: { any_: [uuid(1)] } } }, "START_TIME_DESC", "prefect_ts_ix_flow_run__deployment"],
  [{ deployments: { id: { any_: [uuid(1)] } } }, "START_TIME_DESC", "prefect_ts_ix_flow_run__deployment"],
  [{ flows: { id: { any_: [uuid(1)] } } }, "START_TIME_DESC", "prefect_ts_ix_flow_run__flow"],
];

test.each(flowRunLists)("flow runs %j by %s use %s", async (filters, sort, index) => {
  const details = await plan("flow_run", matchingFlowRuns(database.dialect, filters), flowRunOrder(sort));

  expect(details).toContain(`${index}`);
});

const taskRunLists: readonly (readonly [RelatedFilters, Parameters<typeof taskRunOrder>[0], index: string])[] = [
  [{}, "EXPECTED_START_TIME_DESC", "ix_task_run__expected_start_time_desc"],
  [
    { flow_runs: { id: { any_: [uuid(1)] } } },
    "EXPECTED_START_TIME_DESC",
    "uq_task_run__flow_run_id_task_key_dynamic_key",
  ],
  [
    { task_runs: { flow_run_id: { any_: [uuid(1), uuid(2)] } } },
    "ID_DESC",
    "uq_task_run__flow_run_id_task_key_dynamic_key",
  ],
  [
    { task_runs: { state: { type: { any_: ["FAILED"] } }, start_time: range } },
    "ID_DESC",
    "ix_task_run__state_type_start_time",
  ],
];

test.each(taskRunLists)("task runs %j by %s use %s", async (filters, sort, index) => {
  const { dialect } = database;
  const order = taskRunOrder(sort, { dialect, now: at("03:00:00") });

  expect(await plan("task_run", matchingTaskRuns(dialect, filters), order)).toContain(index);
});

test.each([
  [{ flow_run_id: { any_: [uuid(1)] } }, "ix_log__flow_run_id_timestamp"],
  [{ task_run_id: { any_: [uuid(1)] } }, "prefect_ts_ix_log__task_run"],
])("logs %j use %s", async (filter, index) => {
  expect(await plan("log", matchLog(database.dialect, filter), logOrder("TIMESTAMP_ASC"))).toContain(index);
});

test.each([
  [
    "the late-run marker",
    `select id from flow_run where state_type = 'SCHEDULED' and next_scheduled_start_time <= ?`,
    "__due",
  ],
  [
    "a served deployment",
    `select id from flow_run where state_type = 'SCHEDULED' and deployment_id in (?, ?) and next_scheduled_start_time <= ?`,
    "ix_flow_run__scheduler",
  ],
  [
    "a work queue's due runs",
    `select id from flow_run where work_queue_id = ? and state_type = 'SCHEDULED' and next_scheduled_start_time <= ?`,
    "prefect_ts_ix_flow_run__work_queue",
  ],
  [
    "a work queue's slots in use",
    `select count(*) from flow_run where work_queue_id = ? and state_type in ('PENDING', 'RUNNING')`,
    "prefect_ts_ix_flow_run__work_queue",
  ],
])("%s finds runs by index", async (_title, query, index) => {
  const { rows } = await sql.raw<{ detail: string }>(`explain query plan ${query}`).execute(database.read);

  expect(rows.map((row) => row.detail).join()).toContain(index);
});
