import type { TaskRunColumns } from "../facts.ts";
import { ANY, pass, type Rule } from "../rule.ts";
import { newState } from "../states.ts";

/** A task runs only while its flow run does; while the flow is paused the task waits with it. */
export const preventRunningInStoppedFlows: Rule<TaskRunColumns, "flowRun"> = {
  name: "prevent-running-in-stopped-flows",
  from: ANY,
  to: ["RUNNING"],
  facts: ["flowRun"],
  applies: ({ run }) => run.flow_run_id !== null,
  decide(transition, { flowRun }) {
    if (flowRun === null || flowRun.state?.type === "RUNNING") return pass;
    if (flowRun.state?.type !== "PAUSED") {
      return { kind: "abort", reason: "The enclosing flow must be running to begin task execution." };
    }
    const { pause_timeout, pause_reschedule } = flowRun.state.state_details;
    return {
      kind: "replace",
      state: newState(
        { type: "PAUSED", name: "NotReady", state_details: { pause_timeout, pause_reschedule } },
        transition,
      ),
      reason: `The flow is paused, new tasks can execute after resuming flow run: ${flowRun.id}.`,
    };
  },
};
