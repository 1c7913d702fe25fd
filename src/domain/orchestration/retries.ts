import type { FlowRunPolicy, TaskRunPolicy } from "./facts.ts";

/** What a policy says about retries: in the fields of today or, where those are unset or 0, in those of old clients. */
export function retriesOf<Policy extends FlowRunPolicy | TaskRunPolicy>(
  policy: Policy,
): { readonly retries: number | null; readonly retryDelay: Policy["retry_delay"] | number } {
  return {
    retries: policy.retries || policy.max_retries || (policy.retries ?? null),
    retryDelay: policy.retry_delay || policy.retry_delay_seconds || (policy.retry_delay ?? null),
  };
}
