import type { Db } from "../../db/database.ts";
import { deleteFlowRuns, lockFlowRun } from "../../db/repositories/flow-runs.ts";
import { deleteLogsOfFlowRuns } from "../../db/repositories/logs.ts";
import type { ServerContext } from "../context.ts";
import { releaseDeploymentSlot } from "./apply-slot-effects.ts";
import { currentState } from "./flow-run-subject.ts";

/** Deletes runs with all they left, logs too, and gives the ids of those that were there. */
export async function removeFlowRuns(ctx: ServerContext, tx: Db, ids: readonly string[]): Promise<readonly string[]> {
  await releaseSlots(ctx, tx, ids);
  const deleted = await deleteFlowRuns(tx, ids);
  if (deleted.length > 0) await deleteLogsOfFlowRuns(tx, deleted);
  return deleted;
}

const OCCUPYING: readonly (string | null)[] = ["PENDING", "RUNNING", "CANCELLING"];

/** A run that goes while it occupies a slot of its deployment gives it back. Locked in the order of ids. */
async function releaseSlots(ctx: ServerContext, tx: Db, ids: readonly string[]): Promise<void> {
  for (const id of ids.toSorted()) {
    const row = await lockFlowRun(tx, id);
    if (!row?.deployment_id || !OCCUPYING.includes(row.state_type)) continue;
    const leaseId = currentState(row)?.state_details.deployment_concurrency_lease_id ?? null;
    await releaseDeploymentSlot(ctx, tx, { deploymentId: row.deployment_id, leaseId });
  }
}
