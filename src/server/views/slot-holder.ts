import type { FlowRunRow } from "../../db/repositories/flow-runs.ts";
import { secondsBetween, type Timestamp } from "../../kit/timestamp.ts";

/** A run that holds a slot of a queue (`FlowRunSlotSummary`). */
export function slotHolderView(row: FlowRunRow, now: Timestamp) {
  return {
    id: row.id,
    name: row.name,
    state_type: row.state_type,
    state_name: row.state_name,
    start_time: row.start_time,
    state_timestamp: row.state_timestamp,
    time_in_current_state: row.state_timestamp === null ? null : secondsBetween(row.state_timestamp, now),
  };
}
