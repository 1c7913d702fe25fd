import type { Db } from "../../db/database.ts";
import { listDueRuns, listSlotHolders } from "../../db/repositories/due-runs.ts";
import { findWorkPool } from "../../db/repositories/work-pools.ts";
import {
  countLateRuns,
  countQueueSlots,
  findWorkQueue,
  listWorkQueues,
  type WorkQueueRow,
} from "../../db/repositories/work-queues.ts";
import * as s from "../../kit/schema/schema.ts";
import { addSeconds, compareTimestamps } from "../../kit/timestamp.ts";
import { orAbsent } from "../../schemas/common.ts";
import { WorkQueueFilter } from "../../schemas/filters/work-queue-filter.ts";
import { FlowRunResponse } from "../../schemas/flow-run.ts";
import {
  WorkQueueConcurrencyStatus,
  WorkQueueCreate,
  WorkQueueResponse,
  WorkQueueStatusDetail,
  WorkQueueUpdate,
} from "../../schemas/work-queue.ts";
import { parts } from "../body-parts.ts";
import type { ServerContext } from "../context.ts";
import {
  DefaultQueueKept,
  WorkQueueNameTaken,
  WorkQueueNotFound,
  WorkQueueToChangeNotFound,
  WorkQueueToPollNotFound,
  WorkQueueToShowNotFound,
} from "../errors.ts";
import { writeWithEvents } from "../events/lifecycle.ts";
import { notePoll } from "../orchestration/polls.ts";
import { AGENT_POOL, createAgentQueue } from "../orchestration/work-pools.ts";
import { changeWorkQueue, findLegacyQueue, removeWorkQueue } from "../orchestration/work-queues.ts";
import { limitPart, numberedPage, pageAnswer, pageParts, slice, sliceParts } from "../paging.ts";
import { type Route, route } from "../route.ts";
import { flowRunView } from "../views/flow-run.ts";
import { slotHolderView } from "../views/slot-holder.ts";
import { workQueueView } from "../views/work-pool.ts";

const tag = "Work Queues";
/** Runs that hold a slot of a queue that is read by its id. */
const HOLDING = ["PENDING", "RUNNING", "CANCELLING"] as const;
const HEALTH_POLICY = { maximum_late_runs: 0, maximum_seconds_since_last_polled: 60 };

export const workQueueRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/work_queues/",
    operationId: "create_work_queue_work_queues__post",
    tag,
    summary: "Create a queue in the agents' work pool.",
    body: WorkQueueCreate,
    status: 201,
    response: WorkQueueResponse,
    async handle(ctx, { body }) {
      const row = await writeWithEvents(ctx, async (tx) => {
        const { result, events } = await createAgentQueue(ctx, tx, body);
        if (!result) throw WorkQueueNameTaken();
        return { result, events };
      });
      return workQueueView(row, new Map());
    },
  }),

  route({
    method: "POST",
    path: "/work_queues/filter",
    operationId: "read_work_queues_work_queues_filter_post",
    tag,
    summary: "List work queues of all pools by name.",
    body: parts("Body_read_work_queues_work_queues_filter_post", {
      ...sliceParts,
      work_queues: orAbsent(WorkQueueFilter),
    }),
    response: s.array(WorkQueueResponse),
    async handle(ctx, { body }) {
      const listing = { filter: body.work_queues, order: "name", ...slice(ctx, body) } as const;
      return await views(ctx, await listWorkQueues(ctx.db.read, listing));
    },
  }),

  route({
    method: "GET",
    path: "/work_queues/name/{name}",
    operationId: "read_work_queue_by_name_work_queues_name__name__get",
    tag,
    summary: "Read the queue of a name in the agents' work pool.",
    response: WorkQueueResponse,
    async handle(ctx, { params }) {
      const agentPool = await findWorkPool(ctx.db.read, AGENT_POOL);
      const row = await findLegacyQueue(ctx.db.read, agentPool, params.name ?? "");
      if (!row) throw WorkQueueNotFound();
      return (await views(ctx, [row]))[0];
    },
  }),

  route({
    method: "GET",
    path: "/work_queues/{id:uuid}",
    operationId: "read_work_queue_work_queues__id__get",
    tag,
    summary: "Read one work queue.",
    response: WorkQueueResponse,
    handle: async (ctx, { params }) => (await views(ctx, [await readQueue(ctx.db.read, params.id)]))[0],
  }),

  route({
    method: "PATCH",
    path: "/work_queues/{id:uuid}",
    operationId: "update_work_queue_work_queues__id__patch",
    tag,
    summary: "Change what is named of a work queue.",
    body: WorkQueueUpdate,
    status: 204,
    async handle(ctx, { params, body }) {
      await writeWithEvents(ctx, async (tx) => {
        const queue = await findWorkQueue(tx, params.id);
        if (!queue) throw WorkQueueToChangeNotFound(params.id);
        return await changeWorkQueue(ctx, tx, { queue, update: body });
      });
    },
  }),

  route({
    method: "DELETE",
    path: "/work_queues/{id:uuid}",
    operationId: "delete_work_queue_work_queues__id__delete",
    tag,
    summary: "Delete a work queue that is not its pool's default.",
    status: 204,
    async handle(ctx, { params }) {
      await writeWithEvents(ctx, async (tx) => {
        const queue = await readQueue(tx, params.id);
        const pool = await findWorkPool(tx, queue.work_pool_name);
        if (pool?.default_queue_id === queue.id) throw DefaultQueueKept(queue.name);
        return await removeWorkQueue(ctx, tx, queue);
      });
    },
  }),

  route({
    method: "POST",
    path: "/work_queues/{id:uuid}/get_runs",
    operationId: "read_work_queue_runs_work_queues__id__get_runs_post",
    tag,
    summary: "List the due runs of a work queue; unless the UI asks, note that it is being polled.",
    body: parts("Body_read_work_queue_runs_work_queues__id__get_runs_post", {
      scheduled_before: s.optional(s.dateTime()),
      limit: limitPart,
    }),
    headers: { "x-prefect-ui": s.documented(s.nullable(s.boolean()), { keywords: { default: false } }) },
    response: s.array(FlowRunResponse),
    async handle(ctx, { params, body, headers }) {
      const { limit } = slice(ctx, { limit: body.limit, offset: 0 });
      const queue = await findWorkQueue(ctx.db.read, params.id);
      if (!queue) throw WorkQueueToPollNotFound(`Work queue with id ${params.id} not found.`);
      const rows = await dueRuns(ctx, queue, { limit, before: body.scheduled_before });
      if (!/^(?:true|1|on|yes|t|y)$/i.test(String(headers["x-prefect-ui"]))) notePoll(ctx, { queues: [queue] });
      const now = ctx.clock.now();
      // Old agents know no pools, and the reference names none.
      return rows.map((row) => ({ ...flowRunView(row, now), work_pool_id: null, work_pool_name: null }));
    },
  }),

  route({
    method: "POST",
    path: "/work_queues/{id:uuid}/concurrency_status",
    operationId: "read_work_queue_concurrency_status_work_queues__id__concurrency_status_post",
    tag,
    summary: "Show which runs hold the slots of a work queue.",
    body: parts("Body_read_work_queue_concurrency_status_work_queues__id__concurrency_status_post", pageParts),
    response: WorkQueueConcurrencyStatus,
    async handle(ctx, { params, body }) {
      const page = numberedPage(ctx, body);
      const queue = await findWorkQueue(ctx.db.read, params.id);
      if (!queue) throw WorkQueueToShowNotFound();
      const count = (await countQueueSlots(ctx.db.read, [queue.id], HOLDING)).get(queue.id) ?? 0;
      const holders = await listSlotHolders(ctx.db.read, { queueId: queue.id, states: HOLDING }, page);
      const now = ctx.clock.now();
      const shown = holders.map((row) => slotHolderView(row, now));
      const { results: flow_runs, ...paging } = pageAnswer(page, shown, count);
      return { active_slots: count, concurrency_limit: queue.concurrency_limit, flow_runs, ...paging };
    },
  }),

  route({
    method: "GET",
    path: "/work_queues/{id:uuid}/status",
    operationId: "read_work_queue_status_work_queues__id__status_get",
    tag,
    summary: "Say whether a work queue is polled and has no late runs.",
    response: WorkQueueStatusDetail,
    async handle(ctx, { params }) {
      const queue = await findWorkQueue(ctx.db.read, params.id);
      if (!queue) throw WorkQueueToPollNotFound(`Work queue with id ${params.id} not found`);
      const { last_polled } = queue;
      const late_runs_count = await countLateRuns(ctx.db.read, queue.id);
      const patience = HEALTH_POLICY.maximum_seconds_since_last_polled;
      const isPolled =
        last_polled !== null && compareTimestamps(addSeconds(last_polled, patience), ctx.clock.now()) >= 0;
      const healthy = isPolled && late_runs_count <= HEALTH_POLICY.maximum_late_runs;
      return { healthy, late_runs_count, last_polled, health_check_policy: HEALTH_POLICY };
    },
  }),
];

async function readQueue(db: Db, id: string): Promise<WorkQueueRow> {
  const queue = await findWorkQueue(db, id);
  if (!queue) throw WorkQueueNotFound();
  return queue;
}

async function dueRuns(
  ctx: ServerContext,
  queue: WorkQueueRow,
  wanted: { readonly limit: number; readonly before: string | undefined },
) {
  if (queue.is_paused) return [];
  const taken = (await countQueueSlots(ctx.db.read, [queue.id], HOLDING)).get(queue.id) ?? 0;
  const free =
    queue.concurrency_limit === null ? [] : [[queue.id, Math.max(0, queue.concurrency_limit - taken)] as const];
  return await listDueRuns(ctx.db.read, { ...wanted, queueIds: [queue.id], freeSlots: new Map(free) });
}

async function views(ctx: ServerContext, rows: readonly WorkQueueRow[]) {
  const limited = rows.filter(({ concurrency_limit }) => concurrency_limit !== null).map(({ id }) => id);
  const slots = await countQueueSlots(ctx.db.read, limited, HOLDING);
  return rows.map((row) => workQueueView(row, slots));
}
