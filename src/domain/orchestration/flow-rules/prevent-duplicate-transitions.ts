import type { FlowRunColumns } from "../facts.ts";
import { ANY, pass, type Rule } from "../rule.ts";

/** A client that repeats a request whose answer it missed gets the state that request made. */
export const preventDuplicateTransitions: Rule<FlowRunColumns> = {
  name: "prevent-duplicate-transitions",
  from: ANY,
  to: ANY,
  decide({ initial, proposed }) {
    const transitionId = proposed.state_details.transition_id;
    if (transitionId === null || initial?.state_details.transition_id !== transitionId) return pass;
    return { kind: "reject", reason: "This run has already made this state transition." };
  },
};
