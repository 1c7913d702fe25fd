import { parseJson } from "../../kit/json.ts";
import type { Timestamp } from "../../kit/timestamp.ts";

/** The parts of a state as its row, or a join on it, holds them. */
export interface StateColumns {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly timestamp: Timestamp;
  readonly message: string | null;
  /** JSON text. */
  readonly state_details: string;
  /** JSON text of the legacy column. */
  readonly data: string | null;
  /** JSON text of the result artifact's data, which wins over `data`. */
  readonly result_data: string | null;
}

/** A state as the API gives it. */
export function stateView(columns: StateColumns) {
  const data = columns.result_data ?? columns.data;
  return {
    id: columns.id,
    type: columns.type,
    name: columns.name,
    timestamp: columns.timestamp,
    message: columns.message,
    data: data === null ? null : parseJson(data),
    state_details: parseJson(columns.state_details),
  };
}
