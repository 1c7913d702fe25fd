import type { FlowRunRow } from "../../db/repositories/flow-runs.ts";
import { parseJson } from "../../kit/json.ts";
import type { Timestamp } from "../../kit/timestamp.ts";
import { estimatedRunTime, estimatedStartDelta } from "./run-times.ts";
import { stateView } from "./state.ts";

const json = (text: string | null, fallback: unknown) => (text === null ? fallback : parseJson(text));

/** A flow run as the API gives it (`FlowRunResponse`). */
export function flowRunView(row: FlowRunRow, now: Timestamp) {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    flow_id: row.flow_id,
    state_id: row.state_id,
    deployment_id: row.deployment_id,
    deployment_version: row.deployment_version,
    work_queue_id: row.work_queue_id,
    work_queue_name: row.work_queue_name_now ?? row.work_queue_name,
    flow_version: row.flow_version,
    parameters: json(row.parameters, {}),
    idempotency_key: row.idempotency_key,
    context: json(row.context, {}),
    empirical_policy: json(row.empirical_policy, {}),
    tags: json(row.tags, []),
    labels: json(row.labels, {}),
    parent_task_run_id: row.parent_task_run_id,
    state_type: row.state_type,
    state_name: row.state_name,
    run_count: row.run_count,
    expected_start_time: row.expected_start_time,
    next_scheduled_start_time: row.next_scheduled_start_time,
    start_time: row.start_time,
    end_time: row.end_time,
    total_run_time: row.total_run_time,
    estimated_run_time: estimatedRunTime(row, now),
    estimated_start_time_delta: estimatedStartDelta(row, now),
    auto_scheduled: row.auto_scheduled,
    infrastructure_document_id: row.infrastructure_document_id,
    infrastructure_pid: row.infrastructure_pid,
    created_by: json(row.created_by, null),
    work_pool_id: row.work_pool_id,
    work_pool_name: row.work_pool_name,
    state: flowRunState(row),
    job_variables: json(row.job_variables, null),
  };
}

/** The current state of a joined row, or null for a run without one. */
export function flowRunState(row: FlowRunRow) {
  const { state_id, state_type, state_name, current_state_timestamp, state_details } = row;
  if (state_id === null || state_type === null || current_state_timestamp === null) return null;
  return stateView({
    id: state_id,
    type: state_type,
    name: state_name ?? "",
    timestamp: current_state_timestamp,
    message: row.state_message,
    state_details: state_details ?? "{}",
    data: row.state_data,
    result_data: row.result_data,
  });
}
