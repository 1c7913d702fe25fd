import type { LockedTaskRun } from "../../db/repositories/task-runs.ts";
import type { State, TaskRunColumns, TaskRunPolicy } from "../../domain/orchestration/facts.ts";
import { parseJson } from "../../kit/json.ts";
import { stateOf } from "./stored-state.ts";

/** The columns of a locked task run that rules read. */
export function taskRunColumns(row: LockedTaskRun): TaskRunColumns {
  return {
    ...row,
    tags: parseJson(row.tags) as string[],
    empirical_policy: parseJson(row.empirical_policy) as TaskRunPolicy,
  };
}

/** The state a locked task run is in; null for one without a state, or whose state's row has not been stored. */
export function currentTaskState(row: LockedTaskRun): State | null {
  const { state_id, state_type, current_state_timestamp: timestamp } = row;
  if (state_id === null || state_type === null || timestamp === null) return null;
  return stateOf({
    id: state_id,
    type: state_type,
    name: row.state_name ?? "",
    timestamp,
    message: row.state_message,
    state_details: row.state_details ?? "{}",
    data: row.state_data,
    result_data: row.result_data,
  });
}
