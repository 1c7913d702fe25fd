import type { TaskRunColumns } from "../facts.ts";
import { ANY, pass, type Rule } from "../rule.ts";

/** Running again is called Retrying after a retry's wait and Rerunning otherwise. */
export const renameReruns: Rule<TaskRunColumns> = {
  name: "rename-reruns",
  from: ANY,
  to: ["RUNNING"],
  decide({ run, initial }) {
    if (initial === null || run.run_count === 0) return pass;
    return { kind: "rename", name: initial.name === "AwaitingRetry" ? "Retrying" : "Rerunning" };
  },
};
