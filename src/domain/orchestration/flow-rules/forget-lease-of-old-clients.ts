import { renewsLeases } from "../client.ts";
import type { FlowRunColumns } from "../facts.ts";
import { pass, type Rule } from "../rule.ts";

/** A client too old to renew its lease keeps its slot without one, or the slot would be reclaimed under it. */
export const forgetLeaseOfOldClients: Rule<FlowRunColumns> = {
  name: "forget-lease-of-old-clients",
  from: ["PENDING"],
  to: ["RUNNING", "CANCELLING"],
  applies: ({ initial, client }) =>
    Boolean(initial?.state_details.deployment_concurrency_lease_id) && !renewsLeases(client),
  decide: () => pass,
  after({ initial }) {
    const leaseId = initial?.state_details.deployment_concurrency_lease_id;
    return leaseId ? { effects: [{ kind: "forget-lease", leaseId }] } : {};
  },
};
