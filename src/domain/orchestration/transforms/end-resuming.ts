import { knowsPauses } from "../client.ts";
import type { FlowRunColumns } from "../facts.ts";
import type { Transform } from "../rule.ts";
import { isTerminal } from "../states.ts";

/** A run that runs or has ended is no longer resuming. */
export const endResuming: Transform<FlowRunColumns> = {
  name: "end-resuming",
  before({ run, proposed, client }) {
    const policy = run.empirical_policy;
    if (!policy.resuming || !knowsPauses(client)) return {};
    return proposed.type === "RUNNING" || isTerminal(proposed)
      ? { run: { empirical_policy: { ...policy, resuming: false } } }
      : {};
  },
};
