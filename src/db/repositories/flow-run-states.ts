import type { Db } from "../database.ts";
import { rowInserter } from "../insert-rows.ts";
import { prepare } from "../prepared.ts";
import type { NewRow } from "../tables.ts";

const INSERTED = [
  "id",
  "created",
  "updated",
  "type",
  "timestamp",
  "name",
  "message",
  "state_details",
  "data",
  "flow_run_id",
  "result_artifact_id",
] as const;

export type NewFlowRunState = Required<Pick<NewRow<"flow_run_state">, (typeof INSERTED)[number]>>;

const insert = rowInserter("flow_run_state", INSERTED);

/** The pair of run and timestamp must be new. */
export async function insertFlowRunState(db: Db, state: NewFlowRunState): Promise<void> {
  await insert(db, [state]);
}

const insertMany = rowInserter("flow_run_state", INSERTED, { bulk: { json: ["state_details", "data"] } });

/** The same for many; when it fails the unit must not go on. */
export async function insertFlowRunStates(db: Db, states: readonly NewFlowRunState[]): Promise<void> {
  await insertMany(db, states);
}

const timestamps = prepare<{ flow_run_id: string; from: string }, { timestamp: string }>(
  "list_flow_run_state_timestamps",
  (db, value) =>
    db
      .selectFrom("flow_run_state")
      .select("timestamp")
      .where("flow_run_id", "=", value("flow_run_id"))
      .where("timestamp", ">=", value("from")),
);

/** The timestamps of the run's states that are not before `from` (in the database's form). */
export async function listFlowRunStateTimestamps(
  db: Db,
  of: { flow_run_id: string; from: string },
): Promise<readonly string[]> {
  const rows = await timestamps(db, of);
  return rows.map((row) => row.timestamp);
}
