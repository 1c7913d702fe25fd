import { listPoolsToCleanUp } from "../../db/repositories/worker-cleanups.ts";
import { parseJson } from "../../kit/json.ts";
import type { ServerContext } from "../context.ts";
import { operateCleanup, type Reservation, reserveCleanup } from "../worker-cleanups.ts";
import type { ConnectedWorker } from "./worker-channel.ts";

/** How often the queue is looked at, for what other servers have left and whose reservations have run out. */
const LOOK_EVERY_MS = 1000;

/** The workers that are connected to this server. */
export interface WorkerRegistry {
  /** Until it is disposed of the worker is told of its pool, and given what it can clean up. */
  add(worker: ConnectedWorker): Disposable;
  /** Gives the pool's workers what waits for them. */
  wake(poolId: string): void;
  close(): void;
}

export function createWorkerRegistry(ctx: ServerContext): WorkerRegistry {
  const pools = new Map<string, Set<ConnectedWorker>>();
  const dispatch = createDispatcher(ctx, pools);
  let stopListening: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  const onNews = (poolId: string, what: string) => {
    if (what === "cleanup") return dispatch(poolId);
    for (const worker of pools.get(poolId) ?? []) worker.poolChanged();
  };
  const look = async () => {
    const poolIds = [...pools].filter(([, workers]) => [...workers].some(({ taker }) => taker)).map(([id]) => id);
    if (poolIds.length === 0) return;
    for (const id of await listPoolsToCleanUp(ctx.db.read, poolIds, ctx.clock.now())) dispatch(id);
  };
  const start = () => {
    stopListening = ctx.live.pools.subscribe({
      onItems(items) {
        for (const item of items) {
          const [what = "", poolId = ""] = item.split(":");
          onNews(poolId, what);
        }
      },
    });
    const onFailure = (error: unknown) => ctx.log.warn({ err: error }, "the queue of workers could not be looked at");
    timer = setInterval(() => void look().catch(onFailure), LOOK_EVERY_MS);
    timer.unref();
  };
  const stop = () => {
    stopListening?.();
    stopListening = undefined;
    clearInterval(timer);
  };
  return {
    add(worker) {
      if (pools.size === 0) start();
      const workers = pools.get(worker.poolId) ?? new Set();
      pools.set(worker.poolId, workers.add(worker));
      if (worker.taker) dispatch(worker.poolId);
      return {
        [Symbol.dispose]() {
          workers.delete(worker);
          if (workers.size === 0) pools.delete(worker.poolId);
          if (pools.size === 0) stop();
        },
      };
    },
    wake: dispatch,
    close: stop,
  };
}

/** Hands out what waits in a pool; one message of a pool at a time. */
function createDispatcher(ctx: ServerContext, pools: ReadonlyMap<string, Set<ConnectedWorker>>) {
  const underWay = new Map<string, "once" | "again">();

  const run = async (poolId: string) => {
    try {
      for (;;) {
        underWay.set(poolId, "once");
        while (await dispatchOne(ctx, pools.get(poolId) ?? new Set()));
        if (underWay.get(poolId) === "once") return;
      }
    } catch (error) {
      ctx.log.warn({ err: error }, "workers could not be told what to clean up");
    } finally {
      underWay.delete(poolId);
    }
  };
  return (poolId: string): void => {
    if (underWay.has(poolId)) underWay.set(poolId, "again");
    else void run(poolId);
  };
}

/** Gives one message to one worker: of a queue it serves, or else of any. Returns whether there was one. */
async function dispatchOne(ctx: ServerContext, workers: Set<ConnectedWorker>): Promise<boolean> {
  const candidates = [...workers].filter(({ taker, isClosed }) => taker && !isClosed);
  const [first] = candidates;
  if (!first || (await listPoolsToCleanUp(ctx.db.read, [first.poolId], ctx.clock.now())).length === 0) return false;
  for (const isAnyQueue of [false, true]) {
    for (const worker of candidates) {
      if (!worker.taker) continue;
      const queueIds = isAnyQueue ? undefined : worker.queueIds;
      const reservation = await reserveCleanup(ctx, { ...worker.taker, queueIds });
      if (!reservation) continue;
      await handOver(ctx, worker, reservation);
      // Others are asked first next time.
      if (workers.delete(worker)) workers.add(worker);
      return true;
    }
  }
  return false;
}

async function handOver(ctx: ServerContext, worker: ConnectedWorker, reservation: Reservation): Promise<void> {
  const { message, token, expires } = reservation;
  if (worker.isClosed) {
    await operateCleanup(ctx, { operation: "release", poolId: worker.poolId, messageId: message.id, token });
    return;
  }
  worker.send("cleanup.message.v1", {
    message_id: message.id,
    reservation_token: token,
    lease_expires_at: expires,
    delivery_count: message.delivery_count,
    work_queue_id: message.work_queue_id,
    data: parseJson(message.data),
    kind: message.kind,
    target: parseJson(message.target),
  });
}
