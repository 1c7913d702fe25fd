import type { TaskRunColumns } from "../facts.ts";
import { ANY, pass, type Rule } from "../rule.ts";
import { freshCopy } from "../states.ts";

/** A task run about to start takes over a completed state stored under its cache key, unless told to refresh. */
export const retrieveCachedState: Rule<TaskRunColumns, "cachedState"> = {
  name: "retrieve-cached-state",
  from: ANY,
  to: ["RUNNING"],
  facts: ["cachedState"],
  applies: ({ proposed }) => Boolean(proposed.state_details.cache_key) && !proposed.state_details.refresh_cache,
  decide(transition, { cachedState }) {
    if (cachedState === null) return pass;
    return {
      kind: "replace",
      state: { ...freshCopy(cachedState, transition), name: "Cached" },
      reason: "Retrieved state from cache",
    };
  },
};
