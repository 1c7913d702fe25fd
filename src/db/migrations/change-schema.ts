import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import type { Database, Db } from "../database.ts";
import { DatabaseBusy, databaseFailure } from "../errors.ts";

const PAUSE_MS = 500;
const LOCK_NOT_AVAILABLE = "55P03";

/**
 * Runs a short change in a transaction. On PostgreSQL it waits for locks for no more than 2 s at a time, so that the
 * queries that queue up behind it are let through, and tries again; on SQLite it waits for other writers.
 */
export async function changeSchema(database: Database, unit: (tx: Db) => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await database.write(async (tx) => {
        if (database.dialect.rowLocks) await sql`set local lock_timeout = '2s'`.execute(tx);
        await unit(tx);
      });
      return;
    } catch (error) {
      if (!isLocked(error)) throw error;
      await delay(PAUSE_MS);
    }
  }
}

function isLocked(error: unknown): boolean {
  return (error as { code?: unknown }).code === LOCK_NOT_AVAILABLE || DatabaseBusy.is(databaseFailure(error) ?? error);
}
