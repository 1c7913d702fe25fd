import type { TaskRunColumns } from "../facts.ts";
import { pass, type Rule } from "../rule.ts";

/** A background task's stored parameters stay known up to its start, unless the caller names others. */
export const copyTaskParametersId: Rule<TaskRunColumns> = {
  name: "copy-task-parameters-id",
  from: ["SCHEDULED", "PENDING"],
  to: ["PENDING", "RUNNING"],
  decide({ initial, proposed }) {
    if (initial === null || proposed.state_details.task_parameters_id) return pass;
    return { kind: "pass", details: { task_parameters_id: initial.state_details.task_parameters_id ?? null } };
  },
};
