import { addSeconds } from "../../../kit/timestamp.ts";
import { expectsChildrenReset, knowsPauses } from "../client.ts";
import type { FlowRunColumns } from "../facts.ts";
import { retriesOf } from "../retries.ts";
import { pass, type Rule } from "../rule.ts";
import { newState } from "../states.ts";

/** A failed run with retries left waits to run again in the same process, keeping its deployment slot. */
export const retryFailedFlows: Rule<FlowRunColumns> = {
  name: "retry-failed-flows",
  from: ["RUNNING"],
  to: ["FAILED"],
  decide(transition) {
    const { run, initial, proposed, client } = transition;
    if (initial === null) return pass;
    const policy = run.empirical_policy;
    const { retries, retryDelay } = retriesOf(policy);
    if (retries === null || run.run_count > retries) {
      // A run that is out of retries may still be retried by hand, on new infrastructure.
      return { kind: "pass", run: { empirical_policy: { ...policy, retry_type: null } } };
    }

    const scheduledTime = addSeconds(transition.now, retryDelay ?? 0);
    const leaseId = initial.state_details.deployment_concurrency_lease_id ?? null;
    return {
      kind: "replace",
      reason: "Retrying",
      state: newState(
        {
          type: "SCHEDULED",
          name: "AwaitingRetry",
          message: proposed.message,
          data: proposed.data,
          state_details: { scheduled_time: scheduledTime, deployment_concurrency_lease_id: leaseId },
        },
        transition,
      ),
      run: knowsPauses(client)
        ? { empirical_policy: { ...policy, resuming: false, pause_keys: [], retry_type: "in_process" } }
        : {},
      effects: expectsChildrenReset(client)
        ? [{ kind: "reset-failed-children", flowRunId: run.id, scheduledTime }]
        : [],
    };
  },
};
