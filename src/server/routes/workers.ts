import type { Db } from "../../db/database.ts";
import { findWorkPool, type WorkPoolRow } from "../../db/repositories/work-pools.ts";
import { deleteWorker, listWorkers } from "../../db/repositories/workers.ts";
import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../../schemas/common.ts";
import { WorkerFilter } from "../../schemas/filters/worker-filter.ts";
import { WorkerResponse } from "../../schemas/worker.ts";
import { parts } from "../body-parts.ts";
import { WorkerNotFound, WorkPoolNotFound } from "../errors.ts";
import { writeWithEvents } from "../events/lifecycle.ts";
import { noteWorkerHeartbeat } from "../orchestration/worker-heartbeat.ts";
import { slice, sliceParts } from "../paging.ts";
import { type Route, route } from "../route.ts";
import { workerView } from "../views/work-pool.ts";

const tag = "Work Pools";
/** What answers take for silence, whatever the foreman is set to: as the reference has it. */
const PATIENCE = { heartbeats: 3, fallbackSeconds: 30 };

export const workerRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/work_pools/{work_pool_name}/workers/heartbeat",
    operationId: "worker_heartbeat_work_pools__work_pool_name__workers_heartbeat_post",
    tag,
    summary: "Note that a worker is alive; its pool is ready then.",
    body: parts("Body_worker_heartbeat_work_pools__work_pool_name__workers_heartbeat_post", {
      name: s.string(),
      heartbeat_interval_seconds: orAbsent(s.integer()),
    }),
    status: 204,
    async handle(ctx, { params, body }) {
      await writeWithEvents(ctx, async (tx) => {
        const pool = await readPool(tx, params.work_pool_name);
        const { name, heartbeat_interval_seconds: intervalSeconds = null } = body;
        return await noteWorkerHeartbeat(ctx, tx, { pool, name, intervalSeconds });
      });
    },
  }),

  route({
    method: "POST",
    path: "/work_pools/{work_pool_name}/workers/filter",
    operationId: "read_workers_work_pools__work_pool_name__workers_filter_post",
    tag,
    summary: "List the workers of a work pool, the last heard of first.",
    body: parts("Body_read_workers_work_pools__work_pool_name__workers_filter_post", {
      workers: orAbsent(WorkerFilter),
      ...sliceParts,
    }),
    response: s.array(WorkerResponse),
    async handle(ctx, { params, body }) {
      const page = slice(ctx, body);
      const pool = await readPool(ctx.db.read, params.work_pool_name);
      const rows = await listWorkers(ctx.db.read, { poolId: pool.id, filter: body.workers }, page);
      const now = ctx.clock.now();
      return rows.map((row) => workerView(row, now, PATIENCE));
    },
  }),

  route({
    method: "DELETE",
    path: "/work_pools/{work_pool_name}/workers/{name}",
    operationId: "delete_worker_work_pools__work_pool_name__workers__name__delete",
    tag,
    summary: "Forget a worker.",
    status: 204,
    async handle(ctx, { params }) {
      await ctx.db.write(async (tx) => {
        const { id: poolId } = await readPool(tx, params.work_pool_name);
        if (!(await deleteWorker(tx, { poolId, name: params.name ?? "" }))) throw WorkerNotFound();
      });
    },
  }),
];

async function readPool(db: Db, name = ""): Promise<WorkPoolRow> {
  const pool = await findWorkPool(db, name);
  if (!pool) throw WorkPoolNotFound(name);
  return pool;
}
