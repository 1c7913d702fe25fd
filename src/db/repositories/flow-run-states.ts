import type { Db } from "../database.ts";
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

const insert = prepare<NewFlowRunState>("insert_flow_run_state", (db, value) => {
  const values = Object.fromEntries(INSERTED.map((column) => [column, value(column)])) as unknown as NewFlowRunState;
  return db.insertInto("flow_run_state").values(values);
});

/** The pair of run and timestamp must be new. */
export async function insertFlowRunState(db: Db, state: NewFlowRunState): Promise<void> {
  await insert(db, state);
}
