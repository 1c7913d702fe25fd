import type { FlowRunColumns } from "../facts.ts";
import { pass, type Rule } from "../rule.ts";

/** A run starts under the lease it was submitted with, whatever lease the caller names. */
export const carryLeaseIntoRunning: Rule<FlowRunColumns> = {
  name: "carry-lease-into-running",
  from: ["PENDING"],
  to: ["RUNNING"],
  decide({ initial, proposed }) {
    const leaseId = initial?.state_details.deployment_concurrency_lease_id ?? null;
    if (leaseId === proposed.state_details.deployment_concurrency_lease_id) return pass;
    return { kind: "pass", details: { deployment_concurrency_lease_id: leaseId } };
  },
};
