import { sql } from "kysely";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import { matchingFlowRuns, type RelatedFilters } from "../filters/related.ts";
import { flowRunOrder } from "../filters/sorting.ts";
import { rowInserter } from "../insert-rows.ts";
import { prepare } from "../prepared.ts";
import type { NewRow, Row, RowChanges } from "../tables.ts";
import { countWithPlan, planFlowRunCount } from "./count-by-hour.ts";

const INSERTED = [
  "id",
  "created",
  "updated",
  "name",
  "flow_id",
  "deployment_id",
  "deployment_version",
  "work_queue_id",
  "work_queue_name",
  "flow_version",
  "parameters",
  "idempotency_key",
  "context",
  "empirical_policy",
  "tags",
  "labels",
  "created_by",
  "parent_task_run_id",
  "infrastructure_document_id",
  "job_variables",
  "auto_scheduled",
  "state_type",
  "state_name",
  "state_timestamp",
  "run_count",
  "expected_start_time",
  "next_scheduled_start_time",
  "start_time",
  "end_time",
  "total_run_time",
] as const;

/** Columns that a new run is given. Its `state_id` names a state that is inserted next, in the same unit. */
export type NewFlowRun = Required<Pick<NewRow<"flow_run">, (typeof INSERTED)[number] | "state_id">> & {
  readonly id: string;
};

const valuesOf = (value: (column: (typeof INSERTED)[number]) => unknown) =>
  Object.fromEntries(INSERTED.map((column) => [column, value(column)])) as unknown as NewFlowRun;

const insertBare = prepare<NewFlowRun>("insert_flow_run", (db, value) =>
  db.insertInto("flow_run").values(valuesOf(value)),
);

const insertWithState = prepare<NewFlowRun>(
  "insert_flow_run_with_state",
  (db, value) => db.insertInto("flow_run").values({ ...valuesOf(value), state_id: value("state_id") }),
  { later: true },
);

const insertKeyed = prepare<NewFlowRun, { id: string }>("insert_keyed_flow_run", (db, value) =>
  db
    .insertInto("flow_run")
    .values(valuesOf(value))
    .onConflict((conflict) => conflict.columns(["flow_id", "idempotency_key"]).doNothing())
    .returning("id"),
);

/**
 * Inserts a run and its first state, which `insertState` writes; the two refer to each other.
 * @returns false when the flow already has a run with that idempotency key; nothing is written then
 */
export async function insertFlowRun(db: Db, run: NewFlowRun, insertState: () => Promise<void>): Promise<boolean> {
  if (run.idempotency_key === null && dialectOf(db).circularInserts) {
    await insertWithState(db, run);
    await insertState();
    return true;
  }
  if (run.idempotency_key === null) await insertBare(db, run);
  else if ((await insertKeyed(db, run)).length === 0) return false;
  await insertState();
  if (run.state_id !== null) await setStateId(db, { id: run.id, state_id: run.state_id });
  return true;
}

const JSON_COLUMNS = ["parameters", "context", "empirical_policy", "tags", "labels", "created_by", "job_variables"];
const insertKeyedRows = rowInserter("flow_run", INSERTED, { skipKnown: "any-key", bulk: { json: JSON_COLUMNS } });

/**
 * Inserts many runs that have idempotency keys; those whose keys are known are left out.
 * @returns the ids of the others, which are still without a state
 */
export function insertKeyedFlowRuns(db: Db, runs: readonly NewFlowRun[]): Promise<readonly string[]> {
  return insertKeyedRows(db, runs);
}

/** Makes the only state of each of these new runs its current one. */
export async function setFirstStates(db: Db, ids: readonly string[]): Promise<void> {
  await db
    .updateTable("flow_run")
    .from("flow_run_state as state")
    .set((eb) => ({ state_id: eb.ref("state.id") }))
    .whereRef("state.flow_run_id", "=", "flow_run.id")
    .where(isOneOf(dialectOf(db), column("flow_run.id"), { of: ids, type: "uuid" }))
    .execute();
}

const setStateId = prepare<{ id: string; state_id: string }>("set_flow_run_state_id", (db, value) =>
  db
    .updateTable("flow_run")
    .set({ state_id: value("state_id") })
    .where("id", "=", value("id")),
);

/** What a state change may write to the run's row. */
export type FlowRunStateColumns = Pick<
  Required<RowChanges<"flow_run">>,
  | "state_id"
  | "state_type"
  | "state_name"
  | "state_timestamp"
  | "run_count"
  | "expected_start_time"
  | "next_scheduled_start_time"
  | "start_time"
  | "end_time"
  | "total_run_time"
  | "empirical_policy"
  | "updated"
>;

const update = prepare<FlowRunStateColumns & { id: string }>(
  "update_flow_run_state",
  (db, value) =>
    db
      .updateTable("flow_run")
      .set({
        state_id: value("state_id"),
        state_type: value("state_type"),
        state_name: value("state_name"),
        state_timestamp: value("state_timestamp"),
        run_count: value("run_count"),
        expected_start_time: value("expected_start_time"),
        next_scheduled_start_time: value("next_scheduled_start_time"),
        start_time: value("start_time"),
        end_time: value("end_time"),
        total_run_time: value("total_run_time"),
        empirical_policy: value("empirical_policy"),
        updated: value("updated"),
      })
      .where("id", "=", value("id")),
  { later: true },
);

/** Writes the columns that follow a run's current state. */
export async function updateFlowRunState(db: Db, id: string, columns: FlowRunStateColumns): Promise<void> {
  await update(db, { ...columns, id });
}

function selectFlowRuns(db: Db) {
  return db
    .selectFrom("flow_run")
    .leftJoin("flow_run_state as state", "state.id", "flow_run.state_id")
    .leftJoin("artifact as result", "result.id", "state.result_artifact_id")
    .leftJoin("work_queue", "work_queue.id", "flow_run.work_queue_id")
    .leftJoin("work_pool", "work_pool.id", "work_queue.work_pool_id")
    .selectAll("flow_run")
    .select([
      "state.timestamp as current_state_timestamp",
      "state.message as state_message",
      "state.state_details as state_details",
      "state.data as state_data",
      "result.data as result_data",
      "work_queue.name as work_queue_name_now",
      "work_pool.id as work_pool_id",
      "work_pool.name as work_pool_name",
    ]);
}

/** A flow run with its current state and its work pool, as API answers need it. */
export type FlowRunRow = Row<"flow_run"> & {
  readonly current_state_timestamp: string | null;
  readonly state_message: string | null;
  readonly state_details: string | null;
  readonly state_data: string | null;
  readonly result_data: string | null;
  /** The queue's own name, which wins over the one that was given. */
  readonly work_queue_name_now: string | null;
  readonly work_pool_id: string | null;
  readonly work_pool_name: string | null;
};

/** The query behind every list of flow runs: filters, sort orders and pages are added to it. */
export const flowRunQuery = selectFlowRuns;

const readOne = prepare<{ id: string }, FlowRunRow>("read_flow_run", (db, value) =>
  selectFlowRuns(db).where("flow_run.id", "=", value("id")),
);

export async function findFlowRun(db: Db, id: string): Promise<FlowRunRow | undefined> {
  const rows = await readOne(db, { id });
  return rows[0];
}

const readByKey = prepare<{ flow_id: string; idempotency_key: string }, FlowRunRow>(
  "read_flow_run_by_key",
  (db, value) =>
    selectFlowRuns(db)
      .where("flow_run.flow_id", "=", value("flow_id"))
      .where("flow_run.idempotency_key", "=", value("idempotency_key")),
);

export async function findFlowRunByKey(
  db: Db,
  key: { flow_id: string; idempotency_key: string },
): Promise<FlowRunRow | undefined> {
  const rows = await readByKey(db, key);
  return rows[0];
}

/** What flow runs to list: each part that is given must match. */
export type FlowRunFilters = RelatedFilters;

export async function listFlowRuns(
  db: Db,
  filters: FlowRunFilters,
  how: { readonly sort: Parameters<typeof flowRunOrder>[0]; readonly limit: number; readonly offset: number },
): Promise<readonly FlowRunRow[]> {
  // The page first, by what is in the run's own row: what is joined is looked up for its runs only.
  const page = db
    .selectFrom("flow_run")
    .select("flow_run.id")
    .where(matchingFlowRuns(dialectOf(db), filters))
    .orderBy(flowRunOrder(how.sort))
    .limit(how.limit)
    .offset(how.offset);
  return selectFlowRuns(db).where("flow_run.id", "in", page).orderBy(flowRunOrder(how.sort)).execute();
}

export function countFlowRuns(db: Db, filters: FlowRunFilters): Promise<number> {
  const dialect = dialectOf(db);
  const source = () => ({ from: sql.table("flow_run"), where: matchingFlowRuns(dialect, filters) });
  return countWithPlan(db, planFlowRunCount(dialect, filters), source);
}

/** What a client may change; JSON as text, `updated` in the database's form. */
export type FlowRunChanges = Pick<
  RowChanges<"flow_run">,
  "name" | "flow_version" | "parameters" | "empirical_policy" | "tags" | "infrastructure_pid" | "job_variables"
> & { readonly updated: string };

/** Returns false when no run has that id. */
export async function updateFlowRun(db: Db, id: string, changes: FlowRunChanges): Promise<boolean> {
  const result = await db.updateTable("flow_run").set(changes).where("id", "=", id).executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Deletes runs with their task runs, states and inputs, and gives the ids that were there. */
export async function deleteFlowRuns(db: Db, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await db
    .deleteFrom("flow_run")
    .where(isOneOf(dialectOf(db), column("flow_run.id"), { of: ids, type: "uuid" }))
    .returning("id")
    .execute();
  return rows.map(({ id }) => id);
}

/** The run must be locked: its labels are replaced by `labels` (JSON text). */
export async function updateFlowRunLabels(
  db: Db,
  id: string,
  changes: { readonly labels: string; readonly updated: string },
): Promise<void> {
  await db.updateTable("flow_run").set(changes).where("id", "=", id).execute();
}

/** A run under its row lock, with what its state events name. */
export type LockedFlowRun = FlowRunRow & {
  readonly flow_name: string;
  readonly flow_tags: string;
  readonly work_pool_type: string | null;
  readonly deployment_name: string | null;
  readonly deployment_tags: string | null;
  readonly deployment_limit_id: string | null;
  readonly deployment_options: string | null;
  readonly parent_name: string | null;
  readonly parent_tags: string | null;
};

const lock = prepare<{ id: string }, LockedFlowRun>("lock_flow_run", (db, value) => {
  const query = selectFlowRuns(db)
    .innerJoin("flow", "flow.id", "flow_run.flow_id")
    .leftJoin("deployment", "deployment.id", "flow_run.deployment_id")
    .leftJoin("task_run as parent", "parent.id", "flow_run.parent_task_run_id")
    .select([
      "flow.name as flow_name",
      "flow.tags as flow_tags",
      "work_pool.type as work_pool_type",
      "deployment.name as deployment_name",
      "deployment.tags as deployment_tags",
      "deployment.concurrency_limit_id as deployment_limit_id",
      "deployment.concurrency_options as deployment_options",
      "parent.name as parent_name",
      "parent.tags as parent_tags",
    ])
    .where("flow_run.id", "=", value("id"));
  return dialectOf(db).rowLocks ? query.forNoKeyUpdate("flow_run") : query;
});

/** Locks the run until the transaction ends, so that no other writer decides on the same state. */
export async function lockFlowRun(db: Db, id: string): Promise<LockedFlowRun | undefined> {
  const [row] = await lock(db, { id });
  return row && isStale(row) ? (await lock(db, { id }))[0] : row;
}

/**
 * PostgreSQL, when it had to wait for the lock, gives the run as it is now, but of what is joined only what it saw before
 * it waited: not the run's new state. Asked again under the lock it sees both.
 */
function isStale(row: LockedFlowRun): boolean {
  return row.state_id !== null && row.current_state_timestamp === null;
}
