import { STATE_TYPES } from "../../../schemas/state.ts";
import type { FlowRunColumns } from "../facts.ts";
import type { Rule } from "../rule.ts";

/** A run that is being cancelled can only become CANCELLED. */
export const enforceCancellingToCancelled: Rule<FlowRunColumns> = {
  name: "enforce-cancelling-to-cancelled",
  from: ["CANCELLING"],
  to: STATE_TYPES.filter((type) => type !== "CANCELLED"),
  decide: () => ({
    kind: "reject",
    reason: "Cannot transition flows that are cancelling to a state other than Cancelled.",
  }),
};
