import type { TaskRunRow } from "../../db/repositories/task-runs.ts";
import type { Timestamp } from "../../kit/timestamp.ts";
import { jsonColumn } from "./json-column.ts";
import { estimatedRunTime, estimatedStartDelta } from "./run-times.ts";
import { stateView } from "./state.ts";

/** A task run as the API gives it (`TaskRun`). */
export function taskRunView(row: TaskRunRow, now: Timestamp) {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    flow_run_id: row.flow_run_id,
    task_key: row.task_key,
    dynamic_key: row.dynamic_key,
    cache_key: row.cache_key,
    cache_expiration: row.cache_expiration,
    task_version: row.task_version,
    empirical_policy: jsonColumn(row.empirical_policy, {}),
    tags: jsonColumn(row.tags, []),
    labels: jsonColumn(row.labels, {}),
    state_id: row.state_id,
    task_inputs: jsonColumn(row.task_inputs, {}),
    state_type: row.state_type,
    state_name: row.state_name,
    run_count: row.run_count,
    flow_run_run_count: row.flow_run_run_count,
    expected_start_time: row.expected_start_time,
    next_scheduled_start_time: row.next_scheduled_start_time,
    start_time: row.start_time,
    end_time: row.end_time,
    total_run_time: row.total_run_time,
    estimated_run_time: estimatedRunTime(row, now),
    estimated_start_time_delta: estimatedStartDelta(row, now),
    state: taskRunState(row),
  };
}

/** The fields a page of task runs shows (`TaskRunResponse`). */
export function taskRunSummaryView(row: TaskRunRow, now: Timestamp) {
  const run = taskRunView(row, now);
  return {
    id: run.id,
    created: run.created,
    updated: run.updated,
    name: run.name,
    flow_run_id: run.flow_run_id,
    task_key: run.task_key,
    state_id: run.state_id,
    state: run.state,
    task_version: run.task_version,
    task_inputs: run.task_inputs,
    empirical_policy: run.empirical_policy,
    tags: run.tags,
    start_time: run.start_time,
    end_time: run.end_time,
    total_run_time: run.total_run_time,
    estimated_run_time: run.estimated_run_time,
    estimated_start_time_delta: run.estimated_start_time_delta,
  };
}

/** The current state of a joined row; null for a run without one, or whose state has not been stored yet. */
function taskRunState(row: TaskRunRow) {
  const { state_id, state_type, state_name, current_state_timestamp } = row;
  if (state_id === null || state_type === null || current_state_timestamp === null) return null;
  return stateView({
    id: state_id,
    type: state_type,
    name: state_name ?? "",
    timestamp: current_state_timestamp,
    message: row.state_message,
    state_details: row.state_details ?? "{}",
    data: row.state_data,
    result_data: row.result_data,
  });
}
