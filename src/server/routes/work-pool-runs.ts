import { listDueRuns, listSlotHolders } from "../../db/repositories/due-runs.ts";
import type { FlowRunRow } from "../../db/repositories/flow-runs.ts";
import { countPoolSlots, findWorkPool, type WorkPoolRow } from "../../db/repositories/work-pools.ts";
import {
  countQueueSlots,
  countWorkQueues,
  findWorkQueueInPool,
  listWorkQueues,
  type WorkQueueRow,
} from "../../db/repositories/work-queues.ts";
import * as s from "../../kit/schema/schema.ts";
import { WorkerFlowRunResponse } from "../../schemas/flow-run.ts";
import { WorkPoolConcurrencyStatus } from "../../schemas/work-pool.ts";
import { parts } from "../body-parts.ts";
import type { ServerContext } from "../context.ts";
import { WorkPoolNotFound, WorkPoolQueueNotFound, WorkPoolToShowNotFound } from "../errors.ts";
import { notePoll } from "../orchestration/polls.ts";
import { limitPart, numberedPage, pageAnswer, pageParts, slice } from "../paging.ts";
import { type Route, route } from "../route.ts";
import { flowRunView } from "../views/flow-run.ts";
import { slotHolderView } from "../views/slot-holder.ts";

const tag = "Work Pools";
/** Most queues of a pool that are served. */
const MAX_QUEUES = 1000;
const HOLDING = ["PENDING", "RUNNING"] as const;

export const workPoolRunRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/work_pools/{name}/get_scheduled_flow_runs",
    operationId: "get_scheduled_flow_runs_work_pools__name__get_scheduled_flow_runs_post",
    tag,
    summary: "List the due runs that a worker may start now, and note that the queues are being polled.",
    body: parts("Body_get_scheduled_flow_runs_work_pools__name__get_scheduled_flow_runs_post", {
      work_queue_names: s.optional(s.array(s.string())),
      scheduled_before: s.optional(s.dateTime()),
      scheduled_after: s.optional(s.dateTime()),
      limit: limitPart,
    }),
    response: s.array(WorkerFlowRunResponse),
    async handle(ctx, { params, body }) {
      const { limit } = slice(ctx, { limit: body.limit, offset: 0 });
      const pool = await readPool(ctx, params.name ?? "");
      const queues = await readQueues(ctx, pool, body.work_queue_names);
      const window = { before: body.scheduled_before, after: body.scheduled_after };
      const rows = await dueRuns(ctx, pool, { queues, limit, ...window });
      notePoll(ctx, { queues });
      const now = ctx.clock.now();
      return rows.map((row) => workerRun(pool, row, now));
    },
  }),

  route({
    method: "POST",
    path: "/work_pools/{name}/concurrency_status",
    operationId: "read_work_pool_concurrency_status_work_pools__name__concurrency_status_post",
    tag,
    summary: "Show which runs hold the slots of a work pool, queue by queue.",
    body: parts("Body_read_work_pool_concurrency_status_work_pools__name__concurrency_status_post", {
      ...pageParts,
      flow_run_limit: s.defaulted(s.integer({ ge: 0, le: 200 }), 10),
    }),
    response: WorkPoolConcurrencyStatus,
    async handle(ctx, { params, body }) {
      const page = numberedPage(ctx, body);
      const name = params.name ?? "";
      const pool = await findWorkPool(ctx.db.read, name);
      if (!pool) throw WorkPoolToShowNotFound(name);
      const { limit, offset } = page;
      const queues = await listWorkQueues(ctx.db.read, { poolId: pool.id, order: "priority", limit, offset });
      const counts = await countQueueSlots(ctx.db.read, idsOf(queues), HOLDING);
      const shown = await Promise.all(
        queues.map((queue) => queueSlots(ctx, queue, { count: counts.get(queue.id) ?? 0, limit: body.flow_run_limit })),
      );
      const { results, ...paging } = pageAnswer(page, shown, await countWorkQueues(ctx.db.read, pool.id));
      const active_slots = (await countPoolSlots(ctx.db.read, [pool.id])).get(pool.id) ?? 0;
      return { active_slots, concurrency_limit: pool.concurrency_limit, queues: results, ...paging };
    },
  }),
];

async function readPool(ctx: ServerContext, name: string): Promise<WorkPoolRow> {
  const pool = await findWorkPool(ctx.db.read, name);
  if (!pool) throw WorkPoolNotFound(name);
  return pool;
}

/** The named queues, or all of the pool; by priority either way. */
async function readQueues(
  ctx: ServerContext,
  pool: WorkPoolRow,
  names: readonly string[] | undefined,
): Promise<readonly WorkQueueRow[]> {
  if (names === undefined || names.length === 0) {
    return await listWorkQueues(ctx.db.read, { poolId: pool.id, order: "priority", limit: MAX_QUEUES, offset: 0 });
  }
  const queues = await Promise.all(
    [...new Set(names)].map(async (queue) => {
      const found = await findWorkQueueInPool(ctx.db.read, { pool: pool.name, queue });
      if (!found) throw WorkPoolQueueNotFound(pool.name, queue);
      return found;
    }),
  );
  return queues.sort((a, b) => a.priority - b.priority);
}

interface Wanted {
  readonly queues: readonly WorkQueueRow[];
  readonly limit: number;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** As many as pool and queues have slots for; nothing of what is paused. */
async function dueRuns(ctx: ServerContext, pool: WorkPoolRow, wanted: Wanted): Promise<readonly FlowRunRow[]> {
  const open = wanted.queues.filter(({ is_paused }) => !is_paused);
  if (pool.is_paused || open.length === 0) return [];
  const limited = open.filter(({ concurrency_limit }) => concurrency_limit !== null);
  const taken = await countQueueSlots(ctx.db.read, idsOf(limited), HOLDING);
  const freeSlots = new Map(
    limited.map(({ id, concurrency_limit }) => [id, Math.max(0, (concurrency_limit ?? 0) - (taken.get(id) ?? 0))]),
  );
  const limit = Math.min(wanted.limit, await freePoolSlots(ctx, pool));
  return await listDueRuns(ctx.db.read, { ...wanted, queueIds: idsOf(open), limit, freeSlots });
}

async function freePoolSlots(ctx: ServerContext, pool: WorkPoolRow): Promise<number> {
  if (pool.concurrency_limit === null) return Number.POSITIVE_INFINITY;
  const taken = (await countPoolSlots(ctx.db.read, [pool.id])).get(pool.id) ?? 0;
  return Math.max(0, pool.concurrency_limit - taken);
}

/** A run as workers are given it: the pool is named beside it. */
function workerRun(pool: WorkPoolRow, row: FlowRunRow, now: string) {
  const { work_pool_id, work_pool_name, ...flow_run } = flowRunView(row, now);
  // The run's own words, not the queue's present name.
  const { work_queue_id, work_queue_name } = row;
  return { work_pool_id: pool.id, work_queue_id, flow_run: { ...flow_run, work_queue_name } };
}

async function queueSlots(ctx: ServerContext, queue: WorkQueueRow, shown: { count: number; limit: number }) {
  const page = { limit: shown.limit, offset: 0 };
  const holders = await listSlotHolders(ctx.db.read, { queueId: queue.id, states: HOLDING }, page);
  const now = ctx.clock.now();
  return {
    queue_id: queue.id,
    queue_name: queue.name,
    active_slots: shown.count,
    concurrency_limit: queue.concurrency_limit,
    flow_runs: holders.map((row) => slotHolderView(row, now)),
    flow_run_count: shown.count,
  };
}

const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);
