import type { TaskRunRow } from "../../db/repositories/task-runs.ts";
import { isRecord } from "../../kit/schema/schema.ts";
import type { Timestamp } from "../../kit/timestamp.ts";
import { taskRunView } from "./task-run.ts";

/** A task run with the task runs it took results from, as the older graph gives it (`DependencyResult`). */
export function dependencyView(row: TaskRunRow, now: Timestamp) {
  const run = taskRunView(row, now);
  const details = run.state?.state_details;
  return {
    id: run.id,
    name: run.name,
    upstream_dependencies: upstreamTaskRuns(run.task_inputs).map((id) => ({ input_type: "task_run", id })),
    state: run.state,
    expected_start_time: run.expected_start_time,
    start_time: run.start_time,
    end_time: run.end_time,
    total_run_time: run.total_run_time,
    estimated_run_time: run.estimated_run_time,
    untrackable_result: isRecord(details) && details.untrackable_result === true,
  };
}

/** Each once, whichever parameters it was given for. */
function upstreamTaskRuns(taskInputs: unknown): readonly string[] {
  const inputs = isRecord(taskInputs) ? Object.values(taskInputs).flat() : [];
  const ids = inputs.flatMap((input) =>
    isRecord(input) && input.input_type === "task_run" && typeof input.id === "string" ? [input.id] : [],
  );
  return [...new Set(ids)];
}
