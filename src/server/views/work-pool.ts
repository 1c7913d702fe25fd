import type { WorkPoolRow } from "../../db/repositories/work-pools.ts";
import type { WorkQueueRow } from "../../db/repositories/work-queues.ts";
import type { WorkerRow } from "../../db/repositories/workers.ts";
import type { Client } from "../../domain/orchestration/facts.ts";
import { parseJson } from "../../kit/json.ts";
import { addSeconds, compareTimestamps, type Timestamp } from "../../kit/timestamp.ts";

const NO_STORAGE = { bundle_upload_step: null, bundle_execution_step: null, default_result_storage_block_id: null };
/** Clients up to this version refuse answers with `default_result_storage_block_id`. */
const LAST_WITHOUT_RESULT_STORAGE = [3, 3, 7] as const;

/** @param slots runs that hold a slot, by pool; shown only where the pool has a limit */
export function workPoolView(row: WorkPoolRow, slots: ReadonlyMap<string, number>, client: Client) {
  const { default_result_storage_block_id, ...storage } = {
    ...NO_STORAGE,
    ...(parseJson(row.storage_configuration) as object),
  };
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    description: row.description,
    type: row.type,
    base_job_template: parseJson(row.base_job_template),
    is_paused: row.is_paused,
    concurrency_limit: row.concurrency_limit,
    status: row.type === "prefect-agent" ? null : row.status,
    default_queue_id: row.default_queue_id,
    storage_configuration: isOlderClient(client) ? storage : { ...storage, default_result_storage_block_id },
    active_slots: row.concurrency_limit === null ? null : (slots.get(row.id) ?? 0),
  };
}

function isOlderClient({ version }: Client): boolean {
  const parts = /^(\d+)\.(\d+)\.(\d+)/.exec(version ?? "");
  if (!parts) return false;
  for (const [index, limit] of LAST_WITHOUT_RESULT_STORAGE.entries()) {
    const part = Number(parts[index + 1]);
    if (part !== limit) return part < limit;
  }
  return true;
}

/** @param slots runs that hold a slot, by queue; shown only where the queue has a limit */
export function workQueueView(row: WorkQueueRow, slots: ReadonlyMap<string, number>) {
  return {
    ...plainQueueView(row),
    work_pool_name: row.work_pool_name,
    status: row.status,
    active_slots: row.concurrency_limit === null ? null : (slots.get(row.id) ?? 0),
  };
}

/** A queue without what its pool and its runs say of it (`WorkQueue`). */
export function plainQueueView(row: WorkQueueRow) {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    description: row.description,
    is_paused: row.is_paused,
    concurrency_limit: row.concurrency_limit,
    priority: row.priority,
    work_pool_id: row.work_pool_id,
    filter: row.filter === null ? null : { tags: null, deployment_ids: null, ...(parseJson(row.filter) as object) },
    last_polled: row.last_polled,
  };
}

/** How long a worker may be silent and still be shown ONLINE. */
export interface WorkerPatience {
  readonly heartbeats: number;
  readonly fallbackSeconds: number;
}

/** The status shown is that of now, whatever the stored one is. */
export function workerView(row: WorkerRow, now: Timestamp, patience: WorkerPatience) {
  const seconds = (row.heartbeat_interval_seconds ?? patience.fallbackSeconds) * patience.heartbeats;
  const isOnline = compareTimestamps(addSeconds(row.last_heartbeat_time, seconds), now) >= 0;
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    work_pool_id: row.work_pool_id,
    last_heartbeat_time: row.last_heartbeat_time,
    heartbeat_interval_seconds: row.heartbeat_interval_seconds,
    status: isOnline ? "ONLINE" : "OFFLINE",
  };
}
