import type { TaskRunStateRow } from "../../db/repositories/run-states.ts";
import type { State, StateDetails } from "../../domain/orchestration/facts.ts";
import { parseJson } from "../../kit/json.ts";

/** The parts of a state as its row, or a join on it, holds them. JSON is text. */
export type StoredState = Pick<
  TaskRunStateRow,
  "id" | "type" | "name" | "timestamp" | "message" | "state_details" | "data" | "result_data"
>;

/** A stored state as orchestration sees it; its result's data wins over the legacy column. */
export function stateOf(row: StoredState): State {
  const data = row.result_data ?? row.data;
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    timestamp: row.timestamp,
    message: row.message,
    data: data === null ? null : parseJson(data),
    state_details: parseJson(row.state_details) as StateDetails,
  };
}
