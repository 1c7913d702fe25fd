import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import type { Pool, PoolClient } from "pg";
import type { Db } from "./database.ts";
import type { NoticeListener, Notices } from "./notices.ts";

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;
/** A connection that has gone without a word is noticed within twice this. */
const CHECK_EVERY_MS = 15_000;

export interface PostgresNotices extends Notices {
  close(): Promise<void>;
}

/**
 * LISTEN/NOTIFY. `openPool` makes the pool of the one connection that listens; it is opened with the first listener,
 * kept, and opened anew when it breaks. Senders use `db`.
 */
export function postgresNotices(db: Db, openPool: () => Pool): PostgresNotices {
  const channels = new Map<string, Set<NoticeListener>>();
  const stopping = new AbortController();
  let client: PoolClient | undefined;
  /** When the connection was last known to work, or one was first asked for. */
  let heardAtMs = 0;
  let running: Promise<void> | undefined;

  /** Listens until the connection breaks. */
  const listenOn = async (connection: PoolClient) => {
    const broken = brokenSignal(connection);
    connection.on("notification", ({ channel, payload = "" }) => {
      for (const listener of channels.get(channel) ?? []) listener.onNotice(payload);
    });
    for (const channel of channels.keys()) await connection.query(listenTo(channel));
    client = connection;
    const seconds = (performance.now() - heardAtMs) / 1000;
    for (const listeners of channels.values()) for (const listener of listeners) listener.onGap(seconds);
    await watch(connection, AbortSignal.any([broken, stopping.signal]), (atMs) => {
      heardAtMs = atMs;
    });
  };
  const run = async (pool: Pool) => {
    let failures = 0;
    while (!stopping.signal.aborted) {
      let connection: PoolClient | undefined;
      try {
        connection = await pool.connect();
        failures = 0;
        await listenOn(connection);
      } catch {
        failures += 1;
      } finally {
        client = undefined;
        connection?.release(true);
      }
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** failures, MAX_PAUSE_MS);
      await delay(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    await pool.end();
  };
  const start = () => {
    heardAtMs = performance.now();
    const pool = openPool();
    pool.on("error", () => undefined);
    return run(pool);
  };

  return {
    reachOthers: true,
    async send(channel, texts) {
      if (texts.length === 0) return;
      await sql`select pg_notify(${channel}, text) from unnest(${texts}::text[]) as text`.execute(db);
    },
    listen(channel, listener) {
      const listeners = channels.get(channel) ?? new Set();
      const isNew = !channels.has(channel);
      channels.set(channel, listeners.add(listener));
      // A channel stays listened to: what nobody wants is let go here.
      if (isNew && client) void listenLater(client, channel, listeners);
      else if (client) queueMicrotask(() => listener.onGap(0));
      if (!stopping.signal.aborted) running ??= start();
      return () => listeners.delete(listener);
    },
    async close() {
      stopping.abort();
      await running;
    },
  };
}

/** When this fails the connection is gone, and its successor listens to all. */
async function listenLater(client: PoolClient, channel: string, listeners: Iterable<NoticeListener>): Promise<void> {
  const askedAtMs = performance.now();
  try {
    await client.query(listenTo(channel));
    for (const listener of listeners) listener.onGap((performance.now() - askedAtMs) / 1000);
  } catch {
    // See above.
  }
}

function brokenSignal(connection: PoolClient): AbortSignal {
  const broken = new AbortController();
  connection.on("error", () => broken.abort());
  connection.on("end", () => broken.abort());
  return broken.signal;
}

/** Resolves when the connection is seen to be gone, or `until` says stop; `onAlive` is told whenever it was there. */
async function watch(connection: PoolClient, until: AbortSignal, onAlive: (atMs: number) => void): Promise<void> {
  while (!until.aborted) {
    const askedAtMs = performance.now();
    if (!(await isAlive(connection))) return;
    onAlive(askedAtMs);
    await delay(CHECK_EVERY_MS, undefined, { signal: until, ref: false }).catch(() => undefined);
  }
}

function listenTo(channel: string): string {
  return `listen "${channel.replaceAll('"', '""')}"`;
}

async function isAlive(client: PoolClient): Promise<boolean> {
  const answer = client.query("select 1").then(
    () => true,
    () => false,
  );
  return await Promise.race([answer, delay(CHECK_EVERY_MS, false, { ref: false })]);
}
