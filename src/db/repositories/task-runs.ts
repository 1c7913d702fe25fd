import { sql } from "kysely";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { TaskRunSort } from "../../schemas/sorting.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { matchingTaskRuns, type RelatedFilters, taskRunSource } from "../filters/related.ts";
import { taskRunOrder } from "../filters/sorting.ts";
import { prepare } from "../prepared.ts";
import type { NewRow, Row, RowChanges } from "../tables.ts";
import { countWithPlan, planTaskRunCount } from "./count-by-hour.ts";
import type { WrittenTaskRun } from "./recorded-task-runs.ts";

function selectTaskRuns(db: Db) {
  return db
    .selectFrom("task_run")
    .leftJoin("task_run_state as state", "state.id", "task_run.state_id")
    .leftJoin("artifact as result", "result.id", "state.result_artifact_id")
    .selectAll("task_run")
    .select([
      "state.timestamp as current_state_timestamp",
      "state.message as state_message",
      "state.state_details as state_details",
      "state.data as state_data",
      "result.data as result_data",
    ]);
}

/** A task run with its current state. JSON columns are text. */
export type TaskRunRow = Row<"task_run"> & {
  readonly current_state_timestamp: string | null;
  readonly state_message: string | null;
  readonly state_details: string | null;
  readonly state_data: string | null;
  readonly result_data: string | null;
};

const readOne = prepare<{ id: string }, TaskRunRow>("read_task_run", (db, value) =>
  selectTaskRuns(db).where("task_run.id", "=", value("id")),
);

export async function findTaskRun(db: Db, id: string): Promise<TaskRunRow | undefined> {
  const rows = await readOne(db, { id });
  return rows[0];
}

/** What makes a task run one and the same; outside a flow run the ids alone do not. */
export interface NaturalKey {
  readonly flow_run_id: string | null;
  readonly task_key: string;
  readonly dynamic_key: string;
}

export async function findTaskRunByKey(db: Db, key: NaturalKey): Promise<TaskRunRow | undefined> {
  return selectTaskRuns(db)
    .where("task_run.flow_run_id", key.flow_run_id === null ? "is" : "=", key.flow_run_id)
    .where("task_run.task_key", "=", key.task_key)
    .where("task_run.dynamic_key", "=", key.dynamic_key)
    .limit(1)
    .executeTakeFirst();
}

/** A task run under its row lock. */
export type LockedTaskRun = TaskRunRow;

const lock = prepare<{ id: string }, LockedTaskRun>("lock_task_run", (db, value) => {
  const query = selectTaskRuns(db).where("task_run.id", "=", value("id"));
  return dialectOf(db).rowLocks ? query.forNoKeyUpdate("task_run") : query;
});

/** Locks the run until the transaction ends, so that no other writer decides on the same state. */
export async function lockTaskRun(db: Db, id: string): Promise<LockedTaskRun | undefined> {
  const [row] = await lock(db, { id });
  return row && isStale(row) ? (await lock(db, { id }))[0] : row;
}

/** PostgreSQL had to wait for the lock: the joined state is of the time before. Asked again it gives both (see flow runs). */
function isStale(row: LockedTaskRun): boolean {
  return row.state_id !== null && row.current_state_timestamp === null;
}

/** Returns false when its flow run already has a task run with that natural key; nothing is written then. */
export async function insertTaskRun(db: Db, run: WrittenTaskRun): Promise<boolean> {
  const statement = db.insertInto("task_run").values(run);
  const rows = await statement
    .onConflict((conflict) => conflict.columns(["flow_run_id", "task_key", "dynamic_key"]).doNothing())
    .returning("id")
    .execute();
  return rows.length === 1;
}

/** Returns false when no row has that id. */
export async function updateTaskRunName(
  db: Db,
  id: string,
  changes: { readonly name?: string; readonly updated: string },
): Promise<boolean> {
  const result = await db.updateTable("task_run").set(changes).where("id", "=", id).executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** What a state change may write to the run's row. */
export type TaskRunStateColumns = Pick<Required<RowChanges<"task_run">>, (typeof STATE_COLUMNS)[number]>;

const STATE_COLUMNS = [
  "state_id",
  "state_type",
  "state_name",
  "state_timestamp",
  "run_count",
  "flow_run_run_count",
  "expected_start_time",
  "next_scheduled_start_time",
  "start_time",
  "end_time",
  "total_run_time",
  "empirical_policy",
  "updated",
] as const;

const update = prepare<TaskRunStateColumns & { readonly id: string }>("update_task_run_state", (db, value) => {
  const set = Object.fromEntries(STATE_COLUMNS.map((column) => [column, value(column)])) as TaskRunStateColumns;
  return db.updateTable("task_run").set(set).where("id", "=", value("id"));
});

/** Writes the columns that follow a run's current state. */
export async function updateTaskRunState(db: Db, id: string, columns: TaskRunStateColumns): Promise<void> {
  await update(db, { ...columns, id });
}

const INSERTED_STATE = [
  "id",
  "created",
  "updated",
  "type",
  "timestamp",
  "name",
  "message",
  "state_details",
  "data",
  "task_run_id",
  "result_artifact_id",
] as const;

type NewState = Required<Pick<NewRow<"task_run_state">, (typeof INSERTED_STATE)[number]>>;

const insertState = prepare<NewState>("insert_task_run_state", (db, value) => {
  const values = Object.fromEntries(INSERTED_STATE.map((column) => [column, value(column)])) as unknown as NewState;
  return db.insertInto("task_run_state").values(values);
});

/** The pair of run and timestamp must be new. */
export async function insertTaskRunState(db: Db, state: NewState): Promise<void> {
  await insertState(db, state);
}

/** Returns false when no row has that id. */
export async function deleteTaskRun(db: Db, id: string): Promise<boolean> {
  const result = await db.deleteFrom("task_run").where("id", "=", id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** The FAILED task runs of a flow run, in the order of their ids. */
export async function listFailedTaskRunIds(db: Db, flowRunId: string): Promise<readonly string[]> {
  const query = db.selectFrom("task_run").select("id").where("flow_run_id", "=", flowRunId);
  const rows = await query.where("state_type", "=", "FAILED").orderBy("id").execute();
  return rows.map(({ id }) => id);
}

export async function listTaskRuns(
  db: Db,
  filters: RelatedFilters,
  page: { readonly sort: TaskRunSort; readonly now: Timestamp; readonly limit: number; readonly offset: number },
): Promise<readonly TaskRunRow[]> {
  const dialect = dialectOf(db);
  const order = taskRunOrder(page.sort, { dialect, now: page.now });
  // The page first, by what is in the run's own row: what is joined is looked up for its runs only.
  const ids = db
    .selectFrom("task_run")
    .select("task_run.id")
    .where(matchingTaskRuns(dialect, filters))
    .orderBy(order)
    .limit(page.limit)
    .offset(page.offset);
  return selectTaskRuns(db).where("task_run.id", "in", ids).orderBy(order).execute();
}

export function countTaskRuns(db: Db, filters: RelatedFilters): Promise<number> {
  const dialect = dialectOf(db);
  return countWithPlan(db, planTaskRunCount(dialect, filters), () => taskRunSource(dialect, filters));
}

/** How many of the matching task runs are in each type of state. */
export async function countTaskRunsByState(
  db: Db,
  filters: RelatedFilters,
): Promise<readonly { readonly state_type: string; readonly count: number }[]> {
  const { from, where } = taskRunSource(dialectOf(db), filters);
  const query = sql<{ state_type: string; count: number }>`
    select task_run.state_type, count(*) as count from ${from}
    where ${where} and task_run.state_type is not null group by 1`;
  const { rows } = await query.execute(db);
  return rows.map(({ state_type, count }) => ({ state_type, count: Number(count) }));
}

/** The name of one flow run. */
export async function findFlowRunName(db: Db, id: string): Promise<string | undefined> {
  const row = await db.selectFrom("flow_run").select("name").where("id", "=", id).executeTakeFirst();
  return row?.name;
}
