import type { FlowRunColumns } from "../facts.ts";
import { pass, type Rule } from "../rule.ts";
import { newState } from "../states.ts";

/** Under CANCEL_NEW a run that finds its deployment full when it becomes late is cancelled instead of piling up. */
export const cancelLateWhenFull: Rule<FlowRunColumns, "deployment"> = {
  name: "cancel-late-when-full",
  from: ["SCHEDULED"],
  to: ["SCHEDULED"],
  facts: ["deployment"],
  applies: ({ run, proposed }) => proposed.name === "Late" && Boolean(run.deployment_id),
  decide(transition, { deployment }) {
    const limit = deployment?.concurrency_limit ?? null;
    if (limit === null || deployment?.concurrency_options?.collision_strategy !== "CANCEL_NEW") return pass;
    if (limit.active_slots < limit.limit) return pass;
    return {
      kind: "replace",
      state: newState({ type: "CANCELLED", message: "Deployment concurrency limit reached." }, transition),
      reason: "Deployment concurrency limit is full and uses the CANCEL_NEW strategy.",
    };
  },
};
