import type { FlowRunRow, LockedFlowRun } from "../../db/repositories/flow-runs.ts";
import type { FlowRunEventSubject } from "../../domain/events/flow-run-state-event.ts";
import type { FlowRunColumns, FlowRunPolicy, State, StateDetails } from "../../domain/orchestration/facts.ts";
import { parseJson } from "../../kit/json.ts";

/** The columns of a locked run that rules read. */
export function runColumns(row: LockedFlowRun): FlowRunColumns {
  return { ...row, empirical_policy: parseJson(row.empirical_policy) as FlowRunPolicy };
}

/** The state a run is in, or null for a run without one. */
export function currentState(row: FlowRunRow): State | null {
  if (row.state_id === null || row.state_type === null || row.current_state_timestamp === null) return null;
  const data = row.result_data ?? row.state_data;
  return {
    id: row.state_id,
    type: row.state_type,
    name: row.state_name ?? "",
    timestamp: row.current_state_timestamp,
    message: row.state_message,
    data: data === null ? null : parseJson(data),
    state_details: parseJson(row.state_details ?? "{}") as StateDetails,
  };
}

/** What the run's state events say of it and its surroundings. */
export function eventSubject(row: LockedFlowRun, runCount: number): FlowRunEventSubject {
  const named = (id: string | null, name: string | null, tags: string | null = null) =>
    id === null || name === null ? undefined : { id, name, tags: tags === null ? [] : (parseJson(tags) as string[]) };
  const workPool = named(row.work_pool_id, row.work_pool_name);
  return {
    id: row.id,
    name: row.name,
    run_count: runCount,
    tags: parseJson(row.tags) as string[],
    created_by: row.created_by === null ? null : (parseJson(row.created_by) as FlowRunEventSubject["created_by"]),
    flow: named(row.flow_id, row.flow_name, row.flow_tags),
    deployment: named(row.deployment_id, row.deployment_name, row.deployment_tags),
    workQueue: named(row.work_queue_id, row.work_queue_name_now),
    workPool: workPool && { ...workPool, type: row.work_pool_type ?? "" },
    parentTaskRun: named(row.parent_task_run_id, row.parent_name, row.parent_tags),
  };
}
