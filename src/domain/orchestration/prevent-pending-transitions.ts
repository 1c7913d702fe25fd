import type { RunColumns } from "./facts.ts";
import type { Rule } from "./rule.ts";

/**
 * The lock that stops two workers from submitting one run: only one of them gets it into PENDING. From there it may
 * move on to PENDING under another name (Submitting, InfrastructurePending) but never back to plain Pending.
 */
export const preventPendingTransitions: Rule<RunColumns> = {
  name: "prevent-pending-transitions",
  from: ["PENDING", "CANCELLING", "RUNNING", "CANCELLED"],
  to: ["PENDING"],
  decide({ initial, proposed }) {
    if (initial?.type === "PENDING" && initial.name !== proposed.name && proposed.name !== "Pending") {
      const { scheduled_time = null, deployment_concurrency_lease_id = null } = initial.state_details;
      return { kind: "pass", details: { scheduled_time, deployment_concurrency_lease_id } };
    }
    return {
      kind: "abort",
      reason: `This run is in a ${initial?.type} state and cannot transition to a PENDING state.`,
    };
  },
};
