import type { Db } from "../../db/database.ts";
import type { NewEvent } from "../../db/repositories/events.ts";
import { findWorkPool, type WorkPoolRow } from "../../db/repositories/work-pools.ts";
import {
  deleteWorkQueue,
  findWorkQueue,
  findWorkQueueByName,
  findWorkQueueInPool,
  insertWorkQueue,
  listPriorities,
  updateWorkQueue,
  type WorkQueueRow,
} from "../../db/repositories/work-queues.ts";
import type { RowChanges } from "../../db/tables.ts";
import { statusWord, workPoolResource, workQueueResource } from "../../domain/events/work-events.ts";
import { freePriority, rearrangedPriorities } from "../../domain/work-queue-priorities.ts";
import { addSeconds, compareTimestamps, type Timestamp } from "../../kit/timestamp.ts";
import type { WorkQueueCreate, WorkQueueUpdate } from "../../schemas/work-queue.ts";
import type { ServerContext } from "../context.ts";
import { WorkPoolNotFound } from "../errors.ts";
import { eventNow } from "../events/event-now.ts";
import type { Eventful } from "../events/lifecycle.ts";

/** A queue polled within this time counts as ready when it is resumed. */
const POLLED_WITHIN_SECONDS = 60;

const NEW_QUEUE = { description: "", is_paused: false, concurrency_limit: null, priority: null };

/** Makes a queue in a pool, at the first free priority unless one is asked for; undefined when the name is taken. */
export async function createWorkQueue(
  ctx: ServerContext,
  tx: Db,
  from: {
    readonly pool: Pick<WorkPoolRow, "id">;
    readonly queue: Pick<WorkQueueCreate, "name"> & Partial<WorkQueueCreate>;
  },
): Promise<Eventful<WorkQueueRow | undefined>> {
  const queue = { ...NEW_QUEUE, ...from.queue };
  const ranks = await listPriorities(tx, from.pool.id);
  const priority = queue.priority ?? freePriority(ranks.map((rank) => rank.priority));
  const id = ctx.ids.next();
  const isNew = await insertWorkQueue(tx, {
    id,
    created: stamp(ctx),
    updated: stamp(ctx),
    name: queue.name,
    description: queue.description ?? "",
    is_paused: queue.is_paused,
    concurrency_limit: queue.concurrency_limit,
    priority,
    filter: queue.filter ? JSON.stringify(queue.filter) : null,
    work_pool_id: from.pool.id,
  });
  if (!isNew) return { result: undefined, events: [] };
  if (queue.priority !== null) await rearrange(ctx, tx, { poolId: from.pool.id, wanted: { id, priority } });
  const made = (await findWorkQueue(tx, id)) as WorkQueueRow;
  return { result: made, events: [queueEvent(ctx, "created", made)] };
}

/** The pool's queue of that name, made when it is missing. @throws WorkPoolNotFound */
export async function ensureQueueInPool(
  ctx: ServerContext,
  tx: Db,
  names: { readonly pool: string; readonly queue: string },
): Promise<Eventful<WorkQueueRow>> {
  const known = await findWorkQueueInPool(tx, names);
  if (known) return { result: known, events: [] };
  const pool = await findWorkPool(tx, names.pool);
  if (!pool) throw WorkPoolNotFound(names.pool);
  const { result, events } = await createWorkQueue(ctx, tx, { pool, queue: { name: names.queue } });
  return { result: result ?? ((await findWorkQueueInPool(tx, names)) as WorkQueueRow), events };
}

/** Finds a queue by name alone: that of the agents' pool where there is one. */
export async function findLegacyQueue(tx: Db, agentPool: WorkPoolRow | undefined, name: string) {
  return agentPool
    ? await findWorkQueueInPool(tx, { pool: agentPool.name, queue: name })
    : await findWorkQueueByName(tx, name);
}

/** Changes a queue; pausing and resuming change its status, and a new priority moves others out of the way. */
export async function changeWorkQueue(
  ctx: ServerContext,
  tx: Db,
  change: { readonly queue: WorkQueueRow; readonly update: WorkQueueUpdate },
): Promise<Eventful<void>> {
  const { queue, update } = change;
  const { last_polled, filter, priority, ...plain } = update;
  const status = statusAfter(queue, update, ctx.clock.now());
  const changes = {
    ...plain,
    ...(status === undefined ? {} : { status }),
    ...(priority === undefined ? {} : { priority }),
    ...(last_polled === undefined ? {} : { last_polled: last_polled && ctx.db.dialect.timestamp(last_polled) }),
    ...(filter === undefined ? {} : { filter: filter && JSON.stringify(filter) }),
    updated: stamp(ctx),
  };
  await updateWorkQueue(tx, queue.id, changes as RowChanges<"work_queue">);
  if (typeof priority === "number") {
    await rearrange(ctx, tx, { poolId: queue.work_pool_id, wanted: { id: queue.id, priority } });
  }
  const changed = (await findWorkQueue(tx, queue.id)) as WorkQueueRow;
  const events = [...updateEvent(ctx, { before: queue, after: changed, update })];
  if (status !== undefined) events.push(queueEvent(ctx, statusWord(status), changed));
  return { result: undefined, events };
}

function statusAfter(queue: WorkQueueRow, update: WorkQueueUpdate, now: Timestamp) {
  if (update.is_paused === true && queue.status !== "PAUSED") return "PAUSED";
  if (update.is_paused !== false || queue.status !== "PAUSED") return undefined;
  const polled = update.last_polled === undefined ? queue.last_polled : update.last_polled;
  const isRecent = polled !== null && compareTimestamps(addSeconds(polled, POLLED_WITHIN_SECONDS), now) >= 0;
  return isRecent ? "READY" : "NOT_READY";
}

const TOLD_FIELDS = ["name", "description", "concurrency_limit", "priority"] as const;

function updateEvent(
  ctx: ServerContext,
  change: { before: WorkQueueRow; after: WorkQueueRow; update: WorkQueueUpdate },
): readonly NewEvent[] {
  const { before, after, update } = change;
  const fields = TOLD_FIELDS.filter((field) => update[field] !== undefined && before[field] !== after[field]);
  if (fields.length === 0) return [];
  const updates = Object.fromEntries(fields.map((field) => [field, { from: before[field], to: after[field] }]));
  return [{ ...queueEvent(ctx, "updated", after), payload: { updated_fields: fields, updates } }];
}

/** Deletes a queue that is not its pool's default, and closes the gap in the priorities. */
export async function removeWorkQueue(ctx: ServerContext, tx: Db, queue: WorkQueueRow): Promise<Eventful<void>> {
  await deleteWorkQueue(tx, queue.id);
  await rearrange(ctx, tx, { poolId: queue.work_pool_id });
  return { result: undefined, events: [queueEvent(ctx, "deleted", queue)] };
}

async function rearrange(
  ctx: ServerContext,
  tx: Db,
  of: { poolId: string; wanted?: { id: string; priority: number } },
): Promise<void> {
  const queues = await listPriorities(tx, of.poolId);
  for (const { id, priority } of rearrangedPriorities(queues, of.wanted)) {
    await updateWorkQueue(tx, id, { priority, updated: stamp(ctx) });
  }
}

/** The event `prefect.work-queue.<what>`; its related resource is the pool. */
export function queueEvent(ctx: ServerContext, what: string, queue: WorkQueueRow): NewEvent {
  const pool = { id: queue.work_pool_id, name: queue.work_pool_name, type: queue.work_pool_type };
  return eventNow(ctx, {
    event: `prefect.work-queue.${what}`,
    resource: workQueueResource(queue),
    related: [workPoolResource(pool)],
  });
}

const stamp = (ctx: ServerContext) => ctx.db.dialect.timestamp(ctx.clock.now());
