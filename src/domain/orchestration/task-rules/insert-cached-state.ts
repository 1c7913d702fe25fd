import type { TaskRunColumns } from "../facts.ts";
import { ANY, pass, type Rule } from "../rule.ts";

/** A completed state with a cache key is stored under it; too long a key is reported, and stored all the same. */
export const insertCachedState: Rule<TaskRunColumns> = {
  name: "insert-cached-state",
  from: ANY,
  to: ["COMPLETED"],
  decide({ proposed, settings }) {
    const key = proposed.state_details.cache_key ?? "";
    if (codePoints(key) <= settings.maxCacheKeyLength) return pass;
    const reason = `Cache key exceeded maximum allowed length of ${settings.maxCacheKeyLength} characters.`;
    return { kind: "replace", state: proposed, reason };
  },
  after({ validated }) {
    const cacheKey = validated?.state_details.cache_key;
    if (!validated || !cacheKey) return {};
    const cacheExpiration = validated.state_details.cache_expiration;
    return { effects: [{ kind: "insert-task-cache", cacheKey, cacheExpiration, stateId: validated.id }] };
  },
};

function codePoints(text: string): number {
  return [...text].length;
}
