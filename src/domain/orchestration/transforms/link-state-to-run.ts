import type { FlowRunColumns, TaskRunColumns } from "../facts.ts";
import type { Transform } from "../rule.ts";

/** A flow run's state names its run, and for a subflow the task run that stands for it in the parent. */
export const linkStateToFlowRun: Transform<FlowRunColumns> = {
  name: "link-state-to-flow-run",
  before: ({ run }) => ({
    details: { flow_run_id: run.id, ...(run.parent_task_run_id !== null && { task_run_id: run.parent_task_run_id }) },
  }),
};

/** A task run's state names its run and the flow run that encloses it. */
export const linkStateToTaskRun: Transform<TaskRunColumns> = {
  name: "link-state-to-task-run",
  before: ({ run }) => ({ details: { flow_run_id: run.flow_run_id, task_run_id: run.id } }),
};
