import type { Db } from "../../db/database.ts";
import type { WorkPoolRow } from "../../db/repositories/work-pools.ts";
import { recordHeartbeat } from "../../db/repositories/workers.ts";
import type { ServerContext } from "../context.ts";
import type { Eventful } from "../events/lifecycle.ts";
import { setPoolStatus } from "./work-pools.ts";

/** Notes that a worker is alive; its pool is ready then. */
export async function noteWorkerHeartbeat(
  ctx: ServerContext,
  tx: Db,
  worker: { readonly pool: WorkPoolRow; readonly name: string; readonly intervalSeconds: number | null },
): Promise<Eventful<void>> {
  const { pool, name, intervalSeconds } = worker;
  const now = ctx.db.dialect.timestamp(ctx.clock.now());
  await recordHeartbeat(tx, {
    id: ctx.ids.next(),
    created: now,
    updated: now,
    name,
    work_pool_id: pool.id,
    last_heartbeat_time: now,
    status: "ONLINE",
    heartbeat_interval_seconds: intervalSeconds,
  });
  if (pool.status !== "NOT_READY") return { result: undefined, events: [] };
  return await setPoolStatus(ctx, tx, { pool, status: "READY" });
}
