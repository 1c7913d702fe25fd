import { once } from "node:events";
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
  let running: Promise<void> | undefined;

  /** Listens until the connection breaks. */
  const listenOn = async (connection: PoolClient) => {
    const broken = new AbortController();
    const end = () => broken.abort();
    connection.on("error", end);
    connection.on("end", end);
    connection.on("notification", ({ channel, payload = "" }) => {
      for (const listener of channels.get(channel) ?? []) listener.onNotice(payload);
    });
    for (const channel of channels.keys()) await connection.query(listenTo(channel));
    client = connection;
    for (const listener of allListeners(channels)) listener.onGap();
    const check = setInterval(() => void isAlive(connection).then((alive) => alive || end()), CHECK_EVERY_MS);
    check.unref();
    const until = AbortSignal.any([broken.signal, stopping.signal]);
    if (!until.aborted) await once(until, "abort");
    clearInterval(check);
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
      else if (client) queueMicrotask(() => listener.onGap());
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
  try {
    await client.query(listenTo(channel));
    for (const listener of listeners) listener.onGap();
  } catch {
    // See above.
  }
}

function* allListeners(channels: ReadonlyMap<string, Iterable<NoticeListener>>): Iterable<NoticeListener> {
  for (const listeners of channels.values()) yield* listeners;
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
