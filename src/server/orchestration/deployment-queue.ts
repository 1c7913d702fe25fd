import type { Db } from "../../db/database.ts";
import { findWorkPool } from "../../db/repositories/work-pools.ts";
import type { ServerContext } from "../context.ts";
import { WorkPoolNotFound } from "../errors.ts";
import type { Eventful } from "../events/lifecycle.ts";
import { ensureLegacyQueue } from "./work-pools.ts";
import { ensureQueueInPool } from "./work-queues.ts";

/**
 * The queue that a deployment's pool and queue names stand for, made when missing: a pool alone is its default queue, a
 * queue alone is one of the agents' pool. Undefined when neither is named. @throws WorkPoolNotFound
 */
export async function resolveQueue(
  ctx: ServerContext,
  tx: Db,
  names: { readonly work_pool_name?: string | null | undefined; readonly work_queue_name?: string | null | undefined },
): Promise<Eventful<string | null | undefined>> {
  const { work_pool_name: pool, work_queue_name: queue } = names;
  if (pool && queue) {
    const { result, events } = await ensureQueueInPool(ctx, tx, { pool, queue });
    return { result: result.id, events };
  }
  if (pool) {
    const found = await findWorkPool(tx, pool);
    if (!found) throw WorkPoolNotFound(pool);
    return { result: found.default_queue_id, events: [] };
  }
  if (!queue) return { result: undefined, events: [] };
  const { result, events } = await ensureLegacyQueue(ctx, tx, queue);
  return { result: result.id, events };
}
