import { addSeconds } from "../../../kit/timestamp.ts";
import { takesDeploymentSlots } from "../client.ts";
import type { LeaseHolder } from "../effects.ts";
import type { DeploymentFact, FlowRunColumns, OrchestrationSettings } from "../facts.ts";
import { ANY, pass, type Rule, type Transition, type Verdict } from "../rule.ts";
import { newState } from "../states.ts";

/** A run of a deployment with a concurrency limit takes a slot, under a lease, before anything is provisioned for it. */
export const secureDeploymentSlot: Rule<FlowRunColumns, "deployment"> = {
  name: "secure-deployment-slot",
  from: ANY.filter((type) => type !== "PENDING" && type !== "RUNNING" && type !== "CANCELLING"),
  to: ["PENDING"],
  facts: ["deployment"],
  applies: ({ run, client }) => Boolean(run.deployment_id) && !takesDeploymentSlots(client),
  decide(transition, { deployment }) {
    if (deployment === null) return { kind: "abort", reason: "Deployment not found." };
    if (deployment.concurrency_limit === null) return pass;
    if (deployment.concurrency_limit.limit === 0) {
      return {
        kind: "abort",
        reason: "The deployment concurrency limit is 0. The flow will deadlock if submitted again.",
      };
    }
    return takeDeploymentSlot(deployment, transition, null) ?? collide(deployment, transition);
  },
};

/** Undefined when every slot is taken; a limit that is switched off has no slots to give. */
export function takeDeploymentSlot(
  deployment: DeploymentFact,
  { ids, settings }: Transition<FlowRunColumns>,
  holder: LeaseHolder | null,
): Verdict<FlowRunColumns> | undefined {
  const limit = deployment.concurrency_limit;
  if (limit === null || !limit.active || limit.occupiedSlots + 1 > limit.limit) return undefined;
  const leaseId = ids.next();
  const ttlSeconds = leaseSeconds(deployment, settings);
  return {
    kind: "pass",
    details: { deployment_concurrency_lease_id: leaseId },
    effects: [{ kind: "take-slots", limitIds: [limit.id], leaseId, ttlSeconds, holder }],
  };
}

/** How long a deployment's lease lives without renewal. */
export function leaseSeconds(deployment: DeploymentFact, settings: OrchestrationSettings): number {
  return deployment.concurrency_options?.grace_period_seconds ?? settings.deploymentLeaseSeconds;
}

function collide(deployment: DeploymentFact, transition: Transition<FlowRunColumns>): Verdict<FlowRunColumns> {
  const reason = "Deployment concurrency limit reached.";
  if (deployment.concurrency_options?.collision_strategy === "CANCEL_NEW") {
    return { kind: "replace", state: newState({ type: "CANCELLED", message: reason }, transition), reason };
  }
  const scheduledTime = addSeconds(transition.now, transition.settings.deploymentSlotWaitSeconds);
  const waiting = newState(
    { type: "SCHEDULED", name: "AwaitingConcurrencySlot", state_details: { scheduled_time: scheduledTime } },
    transition,
  );
  return { kind: "replace", state: waiting, reason };
}
