import type { OrchestrationSettings } from "../../domain/orchestration/facts.ts";
import type { ServerContext } from "../context.ts";

/** The numbers rules read, from the settings. */
export function orchestrationSettings({ settings }: ServerContext): OrchestrationSettings {
  const { server } = settings;
  return {
    deploymentSlotWaitSeconds: server.deployments.concurrency_slot_wait_seconds,
    deploymentLeaseSeconds: server.concurrency.initial_deployment_lease_duration,
    tagSlotWaitSeconds: server.tasks.tag_concurrency_slot_wait_seconds,
    maxCacheKeyLength: server.tasks.max_cache_key_length,
  };
}
