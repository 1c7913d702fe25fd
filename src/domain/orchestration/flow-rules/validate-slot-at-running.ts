import { renewsLeases } from "../client.ts";
import type { FlowRunColumns } from "../facts.ts";
import { pass, type Rule } from "../rule.ts";
import { newState } from "../states.ts";
import { leaseSeconds, takeDeploymentSlot } from "./secure-deployment-slot.ts";

/**
 * Starting renews the deployment lease. When provisioning took so long that the lease was reclaimed, the run takes
 * another slot, or is cancelled if there is none: its infrastructure is up, so it cannot be put back.
 */
export const validateSlotAtRunning: Rule<FlowRunColumns, "deployment" | "hasDeploymentLease"> = {
  name: "validate-slot-at-running",
  from: ["PENDING"],
  to: ["RUNNING"],
  facts: ["deployment", "hasDeploymentLease"],
  applies: ({ run, initial, client }) =>
    Boolean(initial?.state_details.deployment_concurrency_lease_id && run.deployment_id) && renewsLeases(client),
  decide(transition, { deployment, hasDeploymentLease }) {
    const leaseId = transition.initial?.state_details.deployment_concurrency_lease_id ?? null;
    if (leaseId === null || deployment === null || deployment.concurrency_limit === null) return pass;
    if (hasDeploymentLease) {
      const ttlSeconds = leaseSeconds(deployment, transition.settings);
      return { kind: "pass", effects: [{ kind: "renew-lease", leaseId, ttlSeconds }] };
    }
    const taken = takeDeploymentSlot(deployment, transition, { type: "flow_run", id: transition.run.id });
    if (taken !== undefined) return taken;
    return {
      kind: "replace",
      state: newState(
        {
          type: "CANCELLED",
          message: "Deployment concurrency slot lost during provisioning - no slots available to continue execution",
        },
        transition,
      ),
      reason: "Deployment concurrency limit reached after lease expiry.",
    };
  },
};
