import type { Db } from "../../db/database.ts";
import { type LockedFlowRun, lockFlowRun } from "../../db/repositories/flow-runs.ts";
import { findWorkQueue } from "../../db/repositories/work-queues.ts";
import { CANCELLING_TIMEOUT_TEARDOWN } from "../../schemas/worker-channel.ts";
import type { ServerContext } from "../context.ts";
import { enqueueCleanup, tellWorkers } from "../worker-cleanups.ts";
import { announce, orchestrateFlowRun } from "./set-flow-run-state.ts";

const BY_TIMEOUT = "Flow run cancellation timed out; marked this flow run as Cancelled.";
/** Pools of these kinds have no workers that could clean up. */
const WORKERLESS = /:(?:push|managed)$/;

/**
 * Ends a cancellation that nobody has carried out, and leaves the run's infrastructure to the workers of its pool: state
 * and message in one transaction. Returns false when the run has moved on from `stateId`.
 */
export async function endCancellation(ctx: ServerContext, runId: string, stateId: string): Promise<boolean> {
  const ended = await ctx.db.write(async (tx) => {
    const row = await lockFlowRun(tx, runId);
    if (row?.state_id !== stateId || row.state_type !== "CANCELLING") return undefined;
    const state = { type: "CANCELLED", message: BY_TIMEOUT } as const;
    const { result, outcome } = await orchestrateFlowRun(ctx, tx, { row, state, client: {} });
    const isCancelled = result.status === "ACCEPT" && result.state?.type === "CANCELLED";
    const poolId = isCancelled ? await leaveToWorkers(ctx, tx, { row, stateId: result.state?.id ?? "" }) : undefined;
    return { outcome, poolId, isCancelled };
  });
  if (!ended) return false;
  announce(ctx, ended.outcome);
  if (ended.poolId !== undefined) tellWorkers(ctx, ended.poolId);
  return ended.isCancelled;
}

/** Gives the pool whose workers are to be told. */
async function leaveToWorkers(
  ctx: ServerContext,
  tx: Db,
  { row, stateId }: { readonly row: LockedFlowRun; readonly stateId: string },
): Promise<string | undefined> {
  const queue = row.work_queue_id === null ? undefined : await findWorkQueue(tx, row.work_queue_id);
  if (!queue || WORKERLESS.test(queue.work_pool_type)) return undefined;
  await enqueueCleanup(ctx, tx, {
    idempotencyKey: `${CANCELLING_TIMEOUT_TEARDOWN}:${row.id}:${stateId}`,
    poolId: queue.work_pool_id,
    queueId: queue.id,
    kind: CANCELLING_TIMEOUT_TEARDOWN,
    target: { flow_run_id: row.id, infrastructure_pid: row.infrastructure_pid },
  });
  return queue.work_pool_id;
}
