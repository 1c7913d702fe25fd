import { EnclosingFlowRunMissing } from "../errors.ts";
import type { TaskRunColumns } from "../facts.ts";
import { ANY, pass, type Rule } from "../rule.ts";

/** A task run remembers the attempt of its flow run it ran in. */
export const trackFlowRunAttempt: Rule<TaskRunColumns, "flowRun"> = {
  name: "track-flow-run-attempt",
  from: ANY,
  to: ["RUNNING"],
  facts: ["flowRun"],
  applies: ({ run }) => run.flow_run_id !== null,
  decide: () => pass,
  after({ run }, { flowRun }) {
    if (flowRun === null) throw EnclosingFlowRunMissing(run.id);
    return { run: { flow_run_run_count: flowRun.run_count } };
  },
};
