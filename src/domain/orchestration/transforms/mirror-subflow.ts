import type { FlowRunColumns } from "../facts.ts";
import type { Transform } from "../rule.ts";
import { freshCopy } from "../states.ts";

/** The task run that stands for a subflow in its parent follows it from state to state. */
export const mirrorSubflow: Transform<FlowRunColumns> = {
  name: "mirror-subflow",
  after(settled) {
    const { run, validated } = settled;
    if (run.parent_task_run_id === null || validated === null) return [];
    const copy = freshCopy(validated, settled);
    const state = { ...copy, state_details: { ...copy.state_details, child_flow_run_id: run.id } };
    return [{ kind: "mirror-subflow-state", taskRunId: run.parent_task_run_id, state }];
  },
};
