import type { Db } from "../../db/database.ts";
import type { NewEvent } from "../../db/repositories/events.ts";
import {
  deleteWorkPool,
  findWorkPool,
  insertWorkPool,
  updateWorkPool,
  type WorkPoolRow,
} from "../../db/repositories/work-pools.ts";
import { findWorkQueue, listWorkQueues, type WorkQueueRow } from "../../db/repositories/work-queues.ts";
import { hasOnlineWorker } from "../../db/repositories/workers.ts";
import type { RowChanges } from "../../db/tables.ts";
import { relatedToWorkPool, statusWord, workPoolLabels, workPoolResource } from "../../domain/events/work-events.ts";
import { parseJson } from "../../kit/json.ts";
import { addSeconds, compareTimestamps } from "../../kit/timestamp.ts";
import type { WorkPoolCreate, WorkPoolUpdate } from "../../schemas/work-pool.ts";
import type { WorkQueueCreate } from "../../schemas/work-queue.ts";
import type { ServerContext } from "../context.ts";
import { eventNow } from "../events/event-now.ts";
import type { Eventful } from "../events/lifecycle.ts";
import { createWorkQueue, findLegacyQueue, queueEvent } from "./work-queues.ts";

/** The pool of queues that were asked for by name alone. */
export const AGENT_POOL = "default-agent-pool";
/** Its workers are agents, which do not report: such a pool has no status. */
const AGENT_TYPE = "prefect-agent";
/** A status event names its predecessor only while the two are closer than this. */
const FOLLOWS_WITHIN_SECONDS = 600;

/** Makes a pool and its default queue; undefined when the name is taken. */
export async function createWorkPool(
  ctx: ServerContext,
  tx: Db,
  pool: Pick<WorkPoolCreate, "name" | "type"> & Partial<WorkPoolCreate>,
): Promise<Eventful<WorkPoolRow | undefined>> {
  const id = ctx.ids.next();
  const inserted = await insertWorkPool(tx, {
    id,
    created: stamp(ctx),
    updated: stamp(ctx),
    name: pool.name,
    type: pool.type,
    description: pool.description ?? null,
    base_job_template: JSON.stringify(pool.base_job_template ?? {}),
    is_paused: pool.is_paused ?? false,
    concurrency_limit: pool.concurrency_limit ?? null,
    status: pool.is_paused && pool.type !== AGENT_TYPE ? "PAUSED" : "NOT_READY",
    storage_configuration: JSON.stringify(pool.storage_configuration ?? {}),
  });
  if (!inserted) return { result: undefined, events: [] };
  const queue = { name: "default", description: "The work pool's default queue." };
  const made = await createWorkQueue(ctx, tx, { pool: inserted, queue });
  const complete = await updateWorkPool(tx, id, { default_queue_id: made.result?.id ?? null, updated: stamp(ctx) });
  return { result: complete, events: [...made.events, poolEvent(ctx, "created", complete as WorkPoolRow)] };
}

/** The queue of that name in the agents' pool, both made when missing. */
export async function ensureLegacyQueue(ctx: ServerContext, tx: Db, name: string): Promise<Eventful<WorkQueueRow>> {
  const agentPool = await findWorkPool(tx, AGENT_POOL);
  const known = await findLegacyQueue(tx, agentPool, name);
  if (known) return { result: known, events: [] };
  const { result, events } = await createAgentQueue(ctx, tx, { name, priority: 1 });
  return { result: result ?? ((await findLegacyQueue(tx, agentPool, name)) as WorkQueueRow), events };
}

/** Makes a queue in the agents' pool, and the pool with its queue `default` when missing; undefined when the name is taken. */
export async function createAgentQueue(
  ctx: ServerContext,
  tx: Db,
  queue: Pick<WorkQueueCreate, "name"> & Partial<WorkQueueCreate>,
): Promise<Eventful<WorkQueueRow | undefined>> {
  const known = await findWorkPool(tx, AGENT_POOL);
  const created = known ? undefined : await createWorkPool(ctx, tx, { name: AGENT_POOL, type: AGENT_TYPE });
  const pool = (known ?? created?.result ?? (await findWorkPool(tx, AGENT_POOL))) as WorkPoolRow;
  const before = created?.events ?? [];
  if (created && queue.name === "default") {
    return { result: await findWorkQueue(tx, pool.default_queue_id ?? ""), events: before };
  }
  const made = await createWorkQueue(ctx, tx, { pool, queue });
  return { result: made.result, events: [...before, ...made.events] };
}

/** Changes a pool; pausing and resuming change its status. */
export async function changeWorkPool(
  ctx: ServerContext,
  tx: Db,
  change: { readonly pool: WorkPoolRow; readonly update: WorkPoolUpdate },
): Promise<Eventful<void>> {
  const { pool, update } = change;
  const { base_job_template, storage_configuration, is_paused, ...plain } = update;
  // Null where there must be something is for the database to refuse.
  const changes = {
    ...plain,
    ...(base_job_template === undefined ? {} : { base_job_template: JSON.stringify(base_job_template) }),
    ...(storage_configuration === undefined
      ? {}
      : { storage_configuration: storage_configuration && JSON.stringify(storage_configuration) }),
    ...(is_paused === undefined ? {} : { is_paused }),
    updated: stamp(ctx),
  };
  const changed = (await updateWorkPool(tx, pool.id, changes as RowChanges<"work_pool">)) as WorkPoolRow;
  // The status changes first, and is told last.
  const status = await statusAfter(tx, pool, is_paused);
  const moved = status === undefined ? [] : (await setPoolStatus(ctx, tx, { pool, status })).events;
  return { result: undefined, events: [...updateEvent(ctx, { before: pool, after: changed, update }), ...moved] };
}

async function statusAfter(tx: Db, pool: WorkPoolRow, isPaused: boolean | null | undefined) {
  if (pool.type === AGENT_TYPE || isPaused === undefined || isPaused === null) return undefined;
  if (isPaused) return "PAUSED";
  return (await hasOnlineWorker(tx, pool.id)) ? "READY" : "NOT_READY";
}

/** Writes a pool's status with its bookkeeping, even if it is the one it had, and tells of it. */
export async function setPoolStatus(
  ctx: ServerContext,
  tx: Db,
  change: { readonly pool: WorkPoolRow; readonly status: WorkPoolRow["status"] },
): Promise<Eventful<void>> {
  const { pool, status } = change;
  const event = poolStatusEvent(ctx, { ...pool, status }, pool);
  await updateWorkPool(tx, pool.id, {
    status,
    last_status_event_id: event.id,
    last_transitioned_status_at: ctx.db.dialect.timestamp(event.occurred),
    updated: stamp(ctx),
  });
  return { result: undefined, events: [event] };
}

/** @param before the pool before the change; undefined for a new one */
export function poolStatusEvent(ctx: ServerContext, pool: WorkPoolRow, before?: WorkPoolRow): NewEvent {
  const now = ctx.clock.now();
  const last = before?.last_transitioned_status_at;
  const isTight = last && compareTimestamps(addSeconds(last, FOLLOWS_WITHIN_SECONDS), now) > 0;
  return eventNow(ctx, {
    occurred: now,
    event: `prefect.work-pool.${statusWord(pool.status)}`,
    resource: workPoolLabels(pool),
    follows: isTight ? (before?.last_status_event_id ?? null) : null,
  });
}

/** Deletes a pool with its queues and workers. */
export async function removeWorkPool(ctx: ServerContext, tx: Db, pool: WorkPoolRow): Promise<Eventful<void>> {
  const queues = await listWorkQueues(tx, { poolId: pool.id, order: "priority", limit: 1000, offset: 0 });
  await deleteWorkPool(tx, pool.id);
  const events = [...queues.map((queue) => queueEvent(ctx, "deleted", queue)), poolEvent(ctx, "deleted", pool)];
  return { result: undefined, events };
}

const TOLD_FIELDS = ["description", "base_job_template", "concurrency_limit", "storage_configuration"] as const;
const JSON_FIELDS: ReadonlySet<string> = new Set(["base_job_template", "storage_configuration"]);

function updateEvent(
  ctx: ServerContext,
  change: { before: WorkPoolRow; after: WorkPoolRow; update: WorkPoolUpdate },
): readonly NewEvent[] {
  const { before, after, update } = change;
  const fields = TOLD_FIELDS.filter((field) => update[field] !== undefined && before[field] !== after[field]);
  if (fields.length === 0) return [];
  const shown = (row: WorkPoolRow, field: (typeof TOLD_FIELDS)[number]) =>
    JSON_FIELDS.has(field) ? parseJson(String(row[field])) : row[field];
  const updates = fields.map((field) => [field, { from: shown(before, field), to: shown(after, field) }]);
  return [
    eventNow(ctx, {
      event: "prefect.work-pool.updated",
      resource: workPoolResource(after),
      payload: { updated_fields: fields, updates: Object.fromEntries(updates) },
    }),
  ];
}

function poolEvent(ctx: ServerContext, what: string, pool: WorkPoolRow): NewEvent {
  const storage = parseJson(pool.storage_configuration) as { default_result_storage_block_id?: string | null };
  const resultStorageId = storage.default_result_storage_block_id ?? null;
  return eventNow(ctx, {
    event: `prefect.work-pool.${what}`,
    resource: workPoolResource(pool),
    related: relatedToWorkPool({ default_queue_id: pool.default_queue_id, resultStorageId }),
  });
}

const stamp = (ctx: ServerContext) => ctx.db.dialect.timestamp(ctx.clock.now());
