import { type SqlBool, sql } from "kysely";
import { addSeconds, type Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { manyRows } from "../dialects/many-rows.ts";
import { rowInserter } from "../insert-rows.ts";
import { prepare } from "../prepared.ts";
import type { NewRow, Row } from "../tables.ts";

const COLUMNS = [
  "id",
  "created",
  "updated",
  "name",
  "flow_run_id",
  "task_key",
  "dynamic_key",
  "cache_key",
  "cache_expiration",
  "task_version",
  "empirical_policy",
  "task_inputs",
  "tags",
  "labels",
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
] as const;

/** A whole task run row in the forms it is written in. */
export type WrittenTaskRun = Required<Pick<NewRow<"task_run">, (typeof COLUMNS)[number]>> & { readonly id: string };

/** Their ids and natural keys must be new. */
export const insertTaskRuns: (db: Db, rows: readonly WrittenTaskRun[]) => Promise<unknown> = rowInserter(
  "task_run",
  COLUMNS,
);

const update = prepare<WrittenTaskRun & { readonly id: string }>("update_task_run", (db, value) => {
  const changed = COLUMNS.filter((column) => column !== "id" && column !== "created");
  const set = Object.fromEntries(changed.map((column) => [column, value(column)])) as Partial<WrittenTaskRun>;
  return db.updateTable("task_run").set(set).where("id", "=", value("id"));
});

/** Writes every column of an existing task run but `id` and `created`. */
export async function updateTaskRun(db: Db, row: WrittenTaskRun): Promise<void> {
  await update(db, row);
}

export interface TaskRunKey {
  readonly id: string;
  readonly flow_run_id: string | null;
  readonly task_key: string;
  readonly dynamic_key: string;
}

/**
 * Locks, in the order of their ids, the task runs that have one of the ids or one of the natural keys. Both lists travel
 * as one parameter each, so that the statements stay the same whatever their length.
 */
export async function lockTaskRuns(db: Db, keys: readonly TaskRunKey[]): Promise<readonly Row<"task_run">[]> {
  const natural = keys.filter((key) => key.flow_run_id !== null);
  const holders = natural.length === 0 ? [] : await findByNaturalKeys(db, naturalKeys(db, natural));
  const ids = new Set([...keys, ...holders].map(({ id }) => id));
  return lockByIds(db, { ids: idList(db, [...ids]) });
}

// CROSS JOIN makes SQLite begin with the keys, so that each is one search of the index.
const findByNaturalKeys = prepare<Readonly<Record<string, unknown>>, { id: string }>(
  "find_task_runs_by_natural_keys",
  (db, value) => {
    const keys = manyRows(dialectOf(db)).select(["uuid", "text", "text"], (parameter) => value(String(parameter)));
    const query = sql`select task_run.id from (${keys}) as wanted cross join task_run
      where flow_run_id = wanted.c0 and task_key = wanted.c1 and dynamic_key = wanted.c2`;
    return { compile: () => query.compile(db) as never };
  },
);

function naturalKeys(db: Db, keys: readonly TaskRunKey[]): Readonly<Record<string, unknown>> {
  const rows = keys.map((key) => [key.flow_run_id, key.task_key, key.dynamic_key]);
  return Object.fromEntries(manyRows(dialectOf(db)).parameters(rows, 3).entries());
}

const lockByIds = prepare<{ ids: unknown }, Row<"task_run">>("lock_task_runs", (db, value) => {
  const query = db
    .selectFrom("task_run")
    .selectAll()
    .where(isInList(db, value("ids")))
    .orderBy("id");
  return dialectOf(db).rowLocks ? query.forUpdate() : query;
});

const existingFlowRuns = prepare<{ ids: unknown }, { id: string }>("find_existing_flow_runs", (db, value) => {
  const query = db
    .selectFrom("flow_run")
    .select("id")
    .where(isInList(db, value("ids")))
    .orderBy("id");
  return dialectOf(db).rowLocks ? query.forKeyShare() : query;
});

function isInList(db: Db, list: unknown) {
  const rows = manyRows(dialectOf(db)).select(["uuid"], () => list);
  return sql<SqlBool>`id in (${rows})`;
}

function idList(db: Db, ids: readonly string[]): unknown {
  return manyRows(dialectOf(db)).parameters(
    ids.map((id) => [id]),
    1,
  )[0];
}

/** Which of these flow runs exist; they cannot be deleted until the transaction ends. */
export async function findExistingFlowRuns(db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await existingFlowRuns(db, { ids: idList(db, ids) });
  return new Set(rows.map((row) => row.id));
}

const STATE_COLUMNS = [
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

/** A state's row in the forms it is written in, but for the timestamp. */
export type RecordedState = Required<Pick<NewRow<"task_run_state">, (typeof STATE_COLUMNS)[number]>> & {
  readonly id: string;
  /** In wire form. */
  readonly timestamp: Timestamp;
};

const insertStates = rowInserter("task_run_state", STATE_COLUMNS, { skipKnown: "any-key" });

const knownStates = prepare<{ ids: unknown }, { id: string }>("find_task_run_states", (db, value) =>
  db
    .selectFrom("task_run_state")
    .select("id")
    .where(isInList(db, value("ids"))),
);

/**
 * Inserts states; those whose id is known are left as they are. No two states of a run may have the same timestamp, so
 * one that would is moved to the next free microsecond.
 */
export async function insertTaskRunStates(db: Db, states: readonly RecordedState[]): Promise<void> {
  const { timestamp } = dialectOf(db);
  for (let left = states; left.length > 0; ) {
    const rows = left.map((state) => ({ ...state, timestamp: timestamp(state.timestamp) }));
    const inserted = new Set(await insertStates(db, rows));
    const skipped = left.filter(({ id }) => !inserted.has(id));
    if (skipped.length === 0) return;
    const known = await knownStates(db, {
      ids: idList(
        db,
        skipped.map(({ id }) => id),
      ),
    });
    const knownIds = new Set(known.map(({ id }) => id));
    const colliding = skipped.filter(({ id }) => !knownIds.has(id));
    left = colliding.map((state) => ({ ...state, timestamp: addSeconds(state.timestamp, 0.000001) }));
  }
}
