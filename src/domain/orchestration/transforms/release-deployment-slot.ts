import type { FlowRunColumns, State } from "../facts.ts";
import type { Status, Transform } from "../rule.ts";

/** A run that stops occupying infrastructure gives its deployment slot back. */
export const releaseDeploymentSlot: Transform<FlowRunColumns> = {
  name: "release-deployment-slot",
  after({ run, initial, validated, status }) {
    if (!run.deployment_id || !occupiesSlot(initial) || occupiesSlot(validated)) return [];
    if (retriesInProcess(validated, status)) return [];
    const leaseId = initial?.state_details.deployment_concurrency_lease_id || null;
    return [{ kind: "release-deployment-slot", deploymentId: run.deployment_id, leaseId }];
  },
};

function occupiesSlot(state: State | null): boolean {
  return state?.type === "PENDING" || state?.type === "RUNNING" || state?.type === "CANCELLING";
}

/** A FAILED turned into AwaitingRetry keeps its process, which goes on renewing the lease. */
export function retriesInProcess(state: State | null, status: Status): boolean {
  return state?.type === "SCHEDULED" && state.name === "AwaitingRetry" && status === "REJECT";
}
