import type { WebSocket } from "ws";
import { findWorkPool, type WorkPoolRow } from "../../db/repositories/work-pools.ts";
import { parseJson } from "../../kit/json.ts";
import type * as s from "../../kit/schema/schema.ts";
import type { Timestamp } from "../../kit/timestamp.ts";
import { WorkerFrame, WorkerHello } from "../../schemas/worker-channel.ts";
import type { ServerContext } from "../context.ts";
import { writeWithEvents } from "../events/lifecycle.ts";
import { noteWorkerHeartbeat } from "../orchestration/worker-heartbeat.ts";
import { operateCleanup } from "../worker-cleanups.ts";
import { createInbox } from "./inbox.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import {
  ChannelRefused,
  type ChannelSetup,
  CLOSE_CODES,
  type CloseReason,
  poolSnapshot,
  readyPayload,
  setUpChannel,
} from "./worker-channel-setup.ts";
import type { WorkerRegistry } from "./worker-registry.ts";

/** Changes of a pool that come within this time are told as one. */
const COLLECT_MS = 50;

/**
 * `/work_pools/{name}/workers/connect`: the first frame is the worker's hello, the answer says what was agreed on and
 * shows the pool. Then the worker reports that it is alive, and is told when the pool changes and what to clean up.
 */
export async function serveWorker(
  ctx: ServerContext,
  socket: WebSocket,
  at: { readonly poolName: string; readonly registry: WorkerRegistry },
): Promise<void> {
  const inbox = createInbox(socket);
  const channel = createChannel(ctx, socket);
  try {
    const first = await inbox.next();
    if (first === undefined) return;
    const { payload: hello } = read(first, WorkerHello);
    const setup = await setUpChannel(ctx, at.poolName, hello);
    channel.send("worker.ready.v1", await readyPayload(ctx, hello, setup));
    const worker = createWorker(ctx, channel, { hello, setup });
    using _registered = at.registry.add(worker);
    if (setup.hasNewTemplate) ctx.live.pools.publish([`updated:${setup.pool.id}`]);
    for (let text = await inbox.next(); text !== undefined; text = await inbox.next()) {
      const hasRoomAgain = await worker.handle(read(text, WorkerFrame));
      if (hasRoomAgain) at.registry.wake(setup.pool.id);
      await channel.outbox.drained();
    }
  } catch (error) {
    if (!(error instanceof ChannelRefused)) ctx.log.error({ err: error }, "a worker's channel failed");
    channel.close(error instanceof ChannelRefused ? error.reason : "transient_server_error");
  }
}

/** @throws ChannelRefused */
function read<T>(text: string, schema: s.Schema<T>): T {
  let frame: unknown;
  try {
    frame = parseJson(text);
  } catch {
    throw new ChannelRefused("protocol_error");
  }
  const result = schema.parse(frame);
  if (!result.ok) throw new ChannelRefused("protocol_error");
  return result.value;
}

interface Channel {
  readonly outbox: Outbox;
  send(type: string, payload: object): void;
  close(reason: CloseReason): void;
}

function createChannel(ctx: ServerContext, socket: WebSocket): Channel {
  const outbox = createOutbox(socket);
  return {
    outbox,
    send: (type, payload) => outbox.send({ type, id: ctx.ids.next(), sent_at: ctx.clock.now(), payload }),
    close: (reason) => socket.close(CLOSE_CODES[reason], reason),
  };
}

/** A connected worker, as those see it who have something to tell it. */
export type ConnectedWorker = ReturnType<typeof createWorker>;

function createWorker(
  ctx: ServerContext,
  channel: Channel,
  { hello, setup }: { readonly hello: WorkerHello["payload"]; readonly setup: ChannelSetup },
) {
  const { pool, queues, cleanupConcurrency } = setup;
  const snapshots = createSnapshots(ctx, channel, pool);
  return {
    poolId: pool.id,
    /** Undefined for a worker that does not clean up. */
    taker:
      cleanupConcurrency === 0
        ? undefined
        : {
            poolId: pool.id,
            consumerId: hello.consumer_id,
            kinds: hello.handled_cleanup_kinds,
            concurrency: cleanupConcurrency,
          },
    queueIds: queues.map(({ id }) => id),
    get isClosed() {
      return channel.outbox.isClosed;
    },
    send: channel.send,
    poolChanged: () => snapshots.tell("work_pool_updated"),
    /** Returns whether the worker may have room for another cleanup message. @throws ChannelRefused */
    async handle(frame: WorkerFrame): Promise<boolean> {
      if (frame.type !== "worker.heartbeat.v1") {
        return await answerOperation(ctx, channel, { frame, poolId: pool.id, isAllowed: cleanupConcurrency > 0 });
      }
      const { consumer_id, worker_name } = frame.payload;
      const isSelf = consumer_id === hello.consumer_id && worker_name === hello.worker_name;
      if (!isSelf) throw new ChannelRefused("protocol_error");
      const updated = await noteHeartbeat(ctx, pool.name, frame.payload);
      if (updated !== snapshots.toldOf) snapshots.tell("heartbeat_reconciliation");
      return false;
    },
  };
}

/** Gives when the pool was last changed. @throws ChannelRefused */
async function noteHeartbeat(
  ctx: ServerContext,
  poolName: string,
  worker: { readonly worker_name: string; readonly heartbeat_interval_seconds: number },
): Promise<Timestamp> {
  try {
    return await writeWithEvents(ctx, async (tx) => {
      const pool = await findWorkPool(tx, poolName);
      if (!pool) throw new ChannelRefused("heartbeat_persistence_failed");
      const { worker_name: name, heartbeat_interval_seconds: intervalSeconds } = worker;
      const { events } = await noteWorkerHeartbeat(ctx, tx, { pool, name, intervalSeconds });
      return { result: pool.updated, events };
    });
  } catch (error) {
    ctx.log.error({ err: error, work_pool: poolName }, "a worker's heartbeat could not be stored");
    throw new ChannelRefused("heartbeat_persistence_failed");
  }
}

/** Tells one worker of its pool, at most once per `COLLECT_MS`. */
function createSnapshots(ctx: ServerContext, channel: Channel, pool: WorkPoolRow) {
  let sequence = 1;
  let toldOf = pool.updated;
  let why: string | undefined;
  let isTelling = false;

  const tellAll = async () => {
    while (why !== undefined && !channel.outbox.isClosed) {
      await new Promise((resolve) => setTimeout(resolve, COLLECT_MS));
      await channel.outbox.drained();
      const reason = why;
      why = undefined;
      const now = await findWorkPool(ctx.db.read, pool.name);
      if (now?.id !== pool.id) return channel.close("authorization_failed");
      toldOf = now.updated;
      sequence += 1;
      const work_pool = await poolSnapshot(ctx, now);
      channel.send("work_pool.snapshot.v1", { snapshot_sequence: sequence, reason, work_pool });
    }
    isTelling = false;
  };
  return {
    /** When the pool as it was told last had been changed. */
    get toldOf() {
      return toldOf;
    },
    tell(reason: string) {
      why = reason;
      if (isTelling) return;
      isTelling = true;
      tellAll().catch((error: unknown) => {
        ctx.log.error({ err: error }, "a worker could not be told of its pool");
        channel.close("transient_server_error");
      });
    },
  };
}

async function answerOperation(
  ctx: ServerContext,
  channel: Channel,
  asked: {
    readonly frame: Exclude<WorkerFrame, { readonly type: "worker.heartbeat.v1" }>;
    readonly poolId: string;
    readonly isAllowed: boolean;
  },
): Promise<boolean> {
  const { frame, poolId, isAllowed } = asked;
  const operation = frame.type.split(".")[1] as "ack" | "release" | "renew";
  const { message_id: messageId, reservation_token: token } = frame.payload;
  const result = isAllowed
    ? await tryOperation(ctx, { operation, poolId, messageId, token })
    : { status: "unauthorized", reason: "cleanup_delivery_not_accepted", lease_expires_at: null };
  channel.send("cleanup.operation_result.v1", {
    request_frame_id: frame.id,
    message_id: messageId,
    operation,
    status: result.status,
    lease_expires_at: result.lease_expires_at,
    reason: result.reason,
    detail: null,
  });
  return result.status !== "error" && !(operation === "renew" && result.status === "accepted");
}

async function tryOperation(ctx: ServerContext, operation: Parameters<typeof operateCleanup>[1]) {
  try {
    return await operateCleanup(ctx, operation);
  } catch (error) {
    ctx.log.error({ err: error, operation: operation.operation }, "a worker's answer could not be stored");
    return { status: "error", reason: "cleanup_queue_operation_failed", lease_expires_at: null };
  }
}
