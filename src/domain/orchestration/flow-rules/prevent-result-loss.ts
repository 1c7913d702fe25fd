import type { FlowRunColumns, State } from "../facts.ts";
import { pass, type Rule } from "../rule.ts";
import { holdsResult, isPersistedResult, TERMINAL_TYPES } from "../states.ts";

export const RESULT_LOSS_REASON =
  "Cannot overwrite a COMPLETED state that carries persisted result data with one that does not.";

/** Even a forced transition may not replace a COMPLETED state that has a result by one that has none. */
export const preventResultLoss: Rule<FlowRunColumns> = {
  name: "prevent-result-loss",
  from: TERMINAL_TYPES,
  to: TERMINAL_TYPES,
  decide({ initial, proposed }) {
    return losesResult(initial, proposed) ? { kind: "reject", reason: RESULT_LOSS_REASON } : pass;
  },
};

export function losesResult(initial: State | null, proposed: State): boolean {
  return (
    initial?.type === "COMPLETED" &&
    proposed.type === "COMPLETED" &&
    holdsResult(initial) &&
    !isPersistedResult(proposed.data)
  );
}
