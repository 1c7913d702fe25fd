import type { Db } from "../../db/database.ts";
import type { NewEvent } from "../../db/repositories/events.ts";
import { countPoolSlots, findWorkPool, type WorkPoolRow } from "../../db/repositories/work-pools.ts";
import { findWorkQueueInPool, listWorkQueues } from "../../db/repositories/work-queues.ts";
import { PrefectError } from "../../kit/errors.ts";
import { parseJson } from "../../kit/json.ts";
import type * as s from "../../kit/schema/schema.ts";
import { WorkPoolCreate, WorkPoolUpdate } from "../../schemas/work-pool.ts";
import {
  CHANNEL_VERSION,
  CLEANUP_DELIVERY,
  REQUIRED_CAPABILITIES,
  type WorkerHello,
} from "../../schemas/worker-channel.ts";
import type { ServerContext } from "../context.ts";
import { writeWithEvents } from "../events/lifecycle.ts";
import { checkJobVariables } from "../orchestration/job-variables.ts";
import { changeWorkPool, createWorkPool, poolStatusEvent } from "../orchestration/work-pools.ts";
import { noteWorkerHeartbeat } from "../orchestration/worker-heartbeat.ts";
import { workPoolView } from "../views/work-pool.ts";

/** What the server says when it closes a channel, and the code that goes with it. */
export const CLOSE_CODES = {
  authentication_failed: 1008,
  authorization_failed: 1008,
  unsupported_version: 1008,
  protocol_error: 1002,
  heartbeat_persistence_failed: 1011,
  transient_server_error: 1011,
} as const;
export type CloseReason = keyof typeof CLOSE_CODES;

/** Ends a channel for a reason that the worker is told. */
export class ChannelRefused extends Error {
  readonly reason: CloseReason;
  constructor(reason: CloseReason) {
    super(reason);
    this.reason = reason;
  }
}

/** Queues of a pool that are looked at when a worker names none. */
const MAX_QUEUES = 1000;

export interface ChannelSetup {
  readonly pool: WorkPoolRow;
  readonly queues: readonly { readonly id: string; readonly name: string }[];
  /** The pool had no template and took the worker's. */
  readonly hasNewTemplate: boolean;
  /** Cleanup messages the worker takes at a time; 0 when it takes none. */
  readonly cleanupConcurrency: number;
}

type Hello = WorkerHello["payload"];

/** Finds or makes the pool, and notes the worker. @throws ChannelRefused */
export async function setUpChannel(ctx: ServerContext, poolName: string, hello: Hello): Promise<ChannelSetup> {
  if (!hello.supported_channel_versions.includes(CHANNEL_VERSION)) throw new ChannelRefused("unsupported_version");
  try {
    return await writeWithEvents(ctx, async (tx) => {
      const events: NewEvent[] = [];
      const found = await findOrMakePool(ctx, tx, { poolName, hello, events });
      const queues = await findQueues(tx, found, hello.work_queue_names);
      const template = hello.default_base_job_template;
      const hasNewTemplate = isEmpty(parseJson(found.base_job_template)) && !isEmpty(template);
      if (hasNewTemplate) {
        await checkTemplate(ctx, tx, template);
        const update = parsed(WorkPoolUpdate, { base_job_template: template });
        const changed = await changeWorkPool(ctx, tx, { pool: found, update });
        events.push(...changed.events);
      }
      const worker = { pool: found, name: hello.worker_name, intervalSeconds: hello.heartbeat_interval_seconds };
      events.push(...(await noteWorkerHeartbeat(ctx, tx, worker)).events);
      const pool = (await findWorkPool(tx, poolName)) ?? found;
      return { result: { pool, queues, hasNewTemplate, cleanupConcurrency: cleanupConcurrency(hello) }, events };
    });
  } catch (error) {
    if (error instanceof ChannelRefused) throw error;
    // What a request would be told it had asked wrongly.
    if (error instanceof PrefectError && error.status < 500) throw new ChannelRefused("protocol_error");
    throw error;
  }
}

async function findOrMakePool(
  ctx: ServerContext,
  tx: Db,
  { poolName, hello, events }: { poolName: string; hello: Hello; events: NewEvent[] },
): Promise<WorkPoolRow> {
  const known = await findWorkPool(tx, poolName);
  if (known) return known;
  const isReserved = poolName.toLowerCase().startsWith("prefect");
  if (!hello.create_pool_if_not_found || isReserved) throw new ChannelRefused("authorization_failed");
  const base_job_template = hello.default_base_job_template;
  await checkTemplate(ctx, tx, base_job_template);
  const wanted = parsed(WorkPoolCreate, { name: poolName, type: hello.worker_type, base_job_template });
  const created = await createWorkPool(ctx, tx, wanted);
  const pool = created.result ?? (await findWorkPool(tx, poolName));
  // Another server may have been faster, and its transaction be invisible to this one: the worker tries again.
  if (!pool) throw new ChannelRefused("transient_server_error");
  events.push(...created.events, ...(created.result ? [poolStatusEvent(ctx, created.result)] : []));
  return pool;
}

/** @throws ChannelRefused in the way the reference does: as if the fault were the server's */
function parsed<T>(schema: s.Schema<T>, input: unknown): T {
  const result = schema.parse(input);
  if (!result.ok) throw new ChannelRefused("transient_server_error");
  return result.value;
}

/** @throws JobVariablesRefused */
function checkTemplate(ctx: ServerContext, tx: Db, template: unknown): Promise<void> {
  return checkJobVariables(ctx, tx, {
    template: JSON.stringify(template),
    layers: [],
    doing: "Validation failed for work pool's job variable defaults: ",
    mustBeComplete: false,
    ignoreInvalidDefaults: false,
  });
}

async function findQueues(tx: Db, pool: WorkPoolRow, names: readonly string[]): Promise<ChannelSetup["queues"]> {
  if (names.length === 0) {
    return await listWorkQueues(tx, { poolId: pool.id, order: "priority", limit: MAX_QUEUES, offset: 0 });
  }
  const queues = [];
  for (const queue of new Set(names)) {
    const found = await findWorkQueueInPool(tx, { pool: pool.name, queue });
    if (!found) throw new ChannelRefused("authorization_failed");
    queues.push(found);
  }
  return queues;
}

function cleanupConcurrency(hello: Hello): number {
  const isWanted = hello.requested_capabilities.includes(CLEANUP_DELIVERY) && hello.handled_cleanup_kinds.length > 0;
  return isWanted ? (hello.max_cleanup_concurrency ?? 1) : 0;
}

function isEmpty(value: unknown): boolean {
  return typeof value !== "object" || value === null || Object.keys(value).length === 0;
}

/** A pool as its workers are told of it. */
export async function poolSnapshot(ctx: ServerContext, pool: WorkPoolRow) {
  const slots = await countPoolSlots(ctx.db.read, pool.concurrency_limit === null ? [] : [pool.id]);
  return workPoolView(pool, slots, {});
}

/** The payload of `worker.ready.v1`. */
export async function readyPayload(ctx: ServerContext, hello: Hello, setup: ChannelSetup) {
  const { pool, queues, cleanupConcurrency } = setup;
  const accepted: string[] = [...REQUIRED_CAPABILITIES, ...(cleanupConcurrency > 0 ? [CLEANUP_DELIVERY] : [])];
  const requested = [...new Set(hello.requested_capabilities)];
  return {
    consumer_id: hello.consumer_id,
    worker_id: null,
    selected_channel_version: CHANNEL_VERSION,
    effective_heartbeat_interval_seconds: hello.heartbeat_interval_seconds,
    accepted_capabilities: accepted,
    rejected_capabilities: requested.filter((capability) => !accepted.includes(capability)),
    effective_max_cleanup_concurrency: cleanupConcurrency,
    resolved_work_queues: queues.map(({ id, name }) => ({ id, name })),
    initial_snapshot: { snapshot_sequence: 1, reason: "initial", work_pool: await poolSnapshot(ctx, pool) },
  };
}
