import type { FlowRunColumns } from "../facts.ts";
import { pass, type Rule } from "../rule.ts";
import { newState } from "../states.ts";

/** CANCELLING exists to tear infrastructure down; a run that has none is CANCELLED at once. */
export const cancelWithoutInfrastructure: Rule<FlowRunColumns> = {
  name: "cancel-without-infrastructure",
  from: ["SCHEDULED", "PAUSED"],
  to: ["CANCELLING"],
  decide(transition) {
    const { run, initial } = transition;
    if (initial === null) return pass;
    const isUnstarted = initial.type === "SCHEDULED" && !run.infrastructure_pid;
    const isSuspended = initial.type === "PAUSED" && initial.state_details.pause_reschedule;
    if (!isUnstarted && initial.name !== "Resuming" && !isSuspended) return pass;
    const kind = isUnstarted || initial.name === "Resuming" ? "Scheduled" : "Suspended";
    return {
      kind: "replace",
      state: newState({ type: "CANCELLED" }, transition),
      reason: `${kind} flow run has no infrastructure to terminate.`,
    };
  },
};
