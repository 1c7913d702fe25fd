import { knowsPauses } from "../client.ts";
import type { FlowRunColumns } from "../facts.ts";
import { ANY, pass, type Rule, type Transition, type Verdict } from "../rule.ts";
import { holdsResult, isTerminal, TERMINAL_TYPES } from "../states.ts";
import { losesResult, RESULT_LOSS_REASON } from "./prevent-result-loss.ts";

/** A finished run may run again, except when that would lose its result or nobody could pick it up. */
export const handleTerminalFlows: Rule<FlowRunColumns> = {
  name: "handle-terminal-flows",
  from: TERMINAL_TYPES,
  to: ANY,
  decide(transition) {
    return refusal(transition) ?? (isTerminal(transition.proposed) ? pass : startOver(transition));
  },
};

function refusal({ run, initial, proposed }: Transition<FlowRunColumns>): Verdict<FlowRunColumns> | undefined {
  if (initial === null) return undefined;
  if (["CANCELLING", "PAUSED", "CRASHED"].includes(proposed.type)) {
    return { kind: "abort", reason: `Run is already in terminal state ${initial.type}.` };
  }
  if (initial.type === "COMPLETED" && !isTerminal(proposed) && holdsResult(initial)) {
    return { kind: "reject", reason: "Run is already COMPLETED." };
  }
  if (losesResult(initial, proposed)) return { kind: "reject", reason: RESULT_LOSS_REASON };
  if (proposed.type === "SCHEDULED" && !run.deployment_id) {
    return { kind: "abort", reason: "Cannot reschedule a run without an associated deployment." };
  }
  return undefined;
}

/** A new attempt fires its pauses again; one that is scheduled may be picked up by workers. */
function startOver({ run, proposed, client }: Transition<FlowRunColumns>): Verdict<FlowRunColumns> {
  if (!knowsPauses(client)) return pass;
  const retryType = proposed.type === "SCHEDULED" ? "reschedule" : null;
  return {
    kind: "pass",
    run: { empirical_policy: { ...run.empirical_policy, resuming: false, pause_keys: [], retry_type: retryType } },
  };
}
