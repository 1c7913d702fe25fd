import type { FlowRunColumns } from "../facts.ts";
import { ANY, pass, type Rule } from "../rule.ts";

/** A deployment lease follows the run from state to state; workers that send null for it do not drop it. */
export const preserveLease: Rule<FlowRunColumns> = {
  name: "preserve-lease",
  from: ANY,
  to: ANY,
  decide({ initial, proposed }) {
    const leaseId = initial?.state_details.deployment_concurrency_lease_id ?? null;
    if (leaseId === null || proposed.state_details.deployment_concurrency_lease_id !== null) return pass;
    return { kind: "pass", details: { deployment_concurrency_lease_id: leaseId } };
  },
};
