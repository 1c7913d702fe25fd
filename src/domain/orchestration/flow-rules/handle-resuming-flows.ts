import { compareTimestamps } from "../../../kit/timestamp.ts";
import { knowsPauses } from "../client.ts";
import type { FlowRunColumns, State } from "../facts.ts";
import { ANY, pass, type Rule, type Settled, type Transition, type Verdict } from "../rule.ts";
import { isTerminal, newState } from "../states.ts";

/** A paused run may go on, be rescheduled, be cancelled or end; past its pause timeout it fails instead. */
export const handleResumingFlows: Rule<FlowRunColumns> = {
  name: "handle-resuming-flows",
  from: ["PAUSED"],
  // "No state" is among them on purpose: the run counts as resuming even when this rule itself refused.
  to: ANY,
  decide: (transition) => refusal(transition) ?? pass,
  after(settled) {
    const policy = settled.run.empirical_policy;
    return {
      run: {
        empirical_policy: startsOver(settled)
          ? { ...policy, resuming: false, pause_keys: [], retry_type: "reschedule" }
          : { ...policy, resuming: true },
      },
    };
  },
};

function refusal(transition: Transition<FlowRunColumns>): Verdict<FlowRunColumns> | undefined {
  const { run, initial, proposed, now } = transition;
  if (initial === null) return undefined;
  if (!mayLeavePauseFor(proposed)) {
    return {
      kind: "reject",
      reason: `This run cannot transition to the StateType.${proposed.type} state from the StateType.${initial.type} state.`,
    };
  }
  const target = (proposed.name || proposed.type).toLowerCase();
  if (initial.state_details.pause_reschedule && !run.deployment_id) {
    return { kind: "reject", reason: `Cannot reschedule a ${target} flow run without a deployment.` };
  }
  // A blocking pause has a live process; cancelling must reach it even after the deadline.
  if (proposed.type === "CANCELLING") return undefined;
  const timeout = initial.state_details.pause_timeout;
  if (!timeout || compareTimestamps(timeout, now) >= 0) return undefined;
  const verb = proposed.name === "Suspended" ? "suspend" : "pause";
  return {
    kind: "replace",
    state: newState({ type: "FAILED", message: `The flow was ${target} and never resumed.` }, transition),
    reason: `The flow run ${verb} has timed out and can no longer resume.`,
  };
}

function mayLeavePauseFor(proposed: State): boolean {
  return ["RUNNING", "SCHEDULED", "CANCELLING"].includes(proposed.type) || isTerminal(proposed);
}

/** A blocking pause left for a schedule ends the process, so the next attempt starts from the top and pauses again. */
function startsOver({ initial, validated, client }: Settled<FlowRunColumns>): boolean {
  return !initial?.state_details.pause_reschedule && validated?.type === "SCHEDULED" && knowsPauses(client);
}
