import type { Client } from "../client/index.ts";
import type { Logger } from "../kit/logger.ts";
import { startLoop } from "../kit/loop.ts";
import type { WorkPoolResponse as WorkPool } from "../schemas/work-pool.ts";
import type { WorkerIdentity } from "./context.ts";
import { type PoolWish, syncWorkPool } from "./sync-work-pool.ts";

export interface SyncOptions {
  readonly client: Client;
  readonly log: Logger;
  readonly identity: WorkerIdentity;
  readonly wish: PoolWish;
  readonly heartbeatSeconds: number;
}

/** What the worker knows of its pool, kept up to date. */
export interface SyncedPool extends AsyncDisposable {
  /** Undefined until it has been read. */
  readonly current: WorkPool | undefined;
  /** Resolves when it has been tried to read, whatever came of it. */
  readonly tried: Promise<void>;
}

const JITTER = 0.3;

/** Reads the pool again and again, making it where that is wished, and tells the API that the worker is alive. */
export function keepSynced(options: SyncOptions): SyncedPool {
  const { client, log, identity, wish, heartbeatSeconds } = options;
  const { promise: tried, resolve: onTried } = Promise.withResolvers<void>();
  let current: WorkPool | undefined;

  const sync = async () => {
    const pool = await syncWorkPool(client, wish);
    if (!pool) return log.warn({ pool: wish.name }, "There is no such work pool; the worker waits for it");
    if (pool.type !== identity.type && pool.type !== current?.type) {
      log.warn({ pool: wish.name, expected: identity.type, found: pool.type }, "The work pool is of another type");
    }
    current = pool;
    // The API takes whole seconds.
    const heartbeat = { name: identity.name, heartbeat_interval_seconds: Math.ceil(heartbeatSeconds) };
    await client.workPools.sendWorkerHeartbeat(wish.name, heartbeat);
  };
  const loop = { name: "worker heartbeat", intervalMs: heartbeatSeconds * 1000, log, jitter: JITTER };
  const syncing = startLoop(loop, () => sync().finally(onTried));
  return {
    get current() {
      return current;
    },
    tried,
    [Symbol.asyncDispose]: () => syncing.stop(),
  };
}
