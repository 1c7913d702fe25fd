import { deleteFinishedCleanups } from "../../db/repositories/worker-cleanups.ts";
import { addSeconds } from "../../kit/timestamp.ts";
import type { ServerContext } from "../context.ts";
import type { Service } from "../services.ts";
import { expireReservations, tellWorkers } from "../worker-cleanups.ts";

/** How long what was done is remembered, so that it is not done again, where no setting says so. */
const DEFAULT_RETENTION_SECONDS = 7 * 86_400;

/** Takes cleanup messages back from workers that have gone without a word, and forgets those done long ago. */
export const cleanupReconciler: Service = {
  name: "CleanupReconciler",
  summary: "Takes cleanup messages back from workers that are gone.",
  variable: "PREFECT_SERVER_SERVICES_CLEANUP_RECONCILER_ENABLED",
  intervalSeconds: ({ server }) => server.services.cleanup_reconciler.loop_seconds,
  isEnabled: ({ server }) => server.services.cleanup_reconciler.enabled,
  async tick(ctx) {
    return (await takeBack(ctx)) + (await forget(ctx));
  },
};

async function takeBack(ctx: ServerContext): Promise<number> {
  const { batch_size: limit } = ctx.settings.server.services.cleanup_reconciler;
  const { redelivered, givenUp } = await ctx.db.write((tx) => expireReservations(ctx, tx, { limit }));
  for (const { id, kind, delivery_count } of givenUp) {
    ctx.log.warn({ message_id: id, kind, delivery_count }, "no worker has cleaned up; it is given up");
  }
  for (const poolId of new Set(redelivered.map(({ work_pool_id }) => work_pool_id))) tellWorkers(ctx, poolId);
  return redelivered.length + givenUp.length;
}

function forget(ctx: ServerContext): Promise<number> {
  const { cleanup_completed_idempotency_retention_seconds: seconds } = ctx.settings.server.worker_channel;
  const before = addSeconds(ctx.clock.now(), -(seconds ?? DEFAULT_RETENTION_SECONDS));
  const { batch_size: limit } = ctx.settings.server.services.cleanup_reconciler;
  return ctx.db.write((tx) => deleteFinishedCleanups(tx, before, limit));
}
