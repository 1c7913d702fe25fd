import type { Db } from "../../db/database.ts";
import { findWorkPool, type WorkPoolRow } from "../../db/repositories/work-pools.ts";
import {
  countQueueSlots,
  findWorkQueueInPool,
  listWorkQueues,
  type WorkQueueRow,
} from "../../db/repositories/work-queues.ts";
import * as s from "../../kit/schema/schema.ts";
import { WorkQueueFilter } from "../../schemas/filters/work-queue-filter.ts";
import { WorkQueueCreate, WorkQueueResponse, WorkQueueUpdate } from "../../schemas/work-queue.ts";
import { parts } from "../body-parts.ts";
import type { ServerContext } from "../context.ts";
import { DefaultQueueKept, WorkPoolNotFound, WorkPoolQueueNameTaken, WorkPoolQueueNotFound } from "../errors.ts";
import { writeWithEvents } from "../events/lifecycle.ts";
import { changeWorkQueue, createWorkQueue, removeWorkQueue } from "../orchestration/work-queues.ts";
import { slice, sliceParts } from "../paging.ts";
import { type Route, type RouteRequest, route } from "../route.ts";
import { workQueueView } from "../views/work-pool.ts";

const tag = "Work Pools";

export const workPoolQueueRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/work_pools/{work_pool_name}/queues",
    operationId: "create_work_queue_work_pools__work_pool_name__queues_post",
    tag,
    summary: "Create a queue in a work pool.",
    body: WorkQueueCreate,
    status: 201,
    response: WorkQueueResponse,
    async handle(ctx, { params, body }) {
      const row = await writeWithEvents(ctx, async (tx) => {
        const pool = await readPool(tx, params.work_pool_name);
        const { result, events } = await createWorkQueue(ctx, tx, { pool, queue: body });
        if (!result) throw WorkPoolQueueNameTaken();
        return { result, events };
      });
      return workQueueView(row, new Map());
    },
  }),

  route({
    method: "POST",
    path: "/work_pools/{work_pool_name}/queues/filter",
    operationId: "read_work_queues_work_pools__work_pool_name__queues_filter_post",
    tag,
    summary: "List the queues of a work pool by priority.",
    body: parts("Body_read_work_queues_work_pools__work_pool_name__queues_filter_post", {
      work_queues: s.optional(WorkQueueFilter),
      ...sliceParts,
    }),
    response: s.array(WorkQueueResponse),
    async handle(ctx, { params, body }) {
      const { limit, offset } = slice(ctx, body);
      const { id: poolId } = await readPool(ctx.db.read, params.work_pool_name);
      const listing = { poolId, filter: body.work_queues, order: "priority", limit, offset } as const;
      return await views(ctx, await listWorkQueues(ctx.db.read, listing));
    },
  }),

  route({
    method: "GET",
    path: "/work_pools/{work_pool_name}/queues/{name}",
    operationId: "read_work_queue_work_pools__work_pool_name__queues__name__get",
    tag,
    summary: "Read a queue of a work pool.",
    response: WorkQueueResponse,
    handle: async (ctx, { params }) => (await views(ctx, [await readQueue(ctx.db.read, params)]))[0],
  }),

  route({
    method: "PATCH",
    path: "/work_pools/{work_pool_name}/queues/{name}",
    operationId: "update_work_queue_work_pools__work_pool_name__queues__name__patch",
    tag,
    summary: "Change what is named of a queue.",
    body: WorkQueueUpdate,
    status: 204,
    async handle(ctx, { params, body }) {
      await writeWithEvents(ctx, async (tx) => {
        await readPool(tx, params.work_pool_name);
        return await changeWorkQueue(ctx, tx, { queue: await readQueue(tx, params), update: body });
      });
    },
  }),

  route({
    method: "DELETE",
    path: "/work_pools/{work_pool_name}/queues/{name}",
    operationId: "delete_work_queue_work_pools__work_pool_name__queues__name__delete",
    tag,
    summary: "Delete a queue that is not its pool's default.",
    status: 204,
    async handle(ctx, { params }) {
      await writeWithEvents(ctx, async (tx) => {
        const pool = await readPool(tx, params.work_pool_name);
        const queue = await readQueue(tx, params);
        if (pool.default_queue_id === queue.id) throw DefaultQueueKept(queue.name);
        return await removeWorkQueue(ctx, tx, queue);
      });
    },
  }),
];

async function readPool(db: Db, name = ""): Promise<WorkPoolRow> {
  const pool = await findWorkPool(db, name);
  if (!pool) throw WorkPoolNotFound(name);
  return pool;
}

async function readQueue(db: Db, params: RouteRequest<undefined, undefined>["params"]): Promise<WorkQueueRow> {
  const { work_pool_name: pool = "", name: queue = "" } = params;
  const found = await findWorkQueueInPool(db, { pool, queue });
  if (!found) throw WorkPoolQueueNotFound(pool, queue);
  return found;
}

async function views(ctx: ServerContext, rows: readonly WorkQueueRow[]) {
  const limited = rows.filter(({ concurrency_limit }) => concurrency_limit !== null).map(({ id }) => id);
  const slots = await countQueueSlots(ctx.db.read, limited, ["PENDING", "RUNNING"]);
  return rows.map((row) => workQueueView(row, slots));
}
