import type { Client } from "../../client/client.ts";
import type { RunnerOptions } from "../../runner/runner.ts";

/** Finds the due runs of deployments; which those are is asked every time. */
export function findDueRuns(client: Client, deploymentIds: () => readonly string[]): RunnerOptions["findDue"] {
  return async ({ before, limit }) => {
    const ids = deploymentIds();
    if (ids.length === 0) return [];
    return await client.deployments.getScheduledFlowRuns({ deployment_ids: ids, scheduled_before: before, limit });
  };
}
