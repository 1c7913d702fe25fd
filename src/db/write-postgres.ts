import { setTimeout as delay } from "node:timers/promises";
import { PrefectError } from "../kit/errors.ts";
import type { PostgresConnection } from "./dialects/postgres.ts";
import { DatabaseUnavailable } from "./errors.ts";

const MAX_ATTEMPTS = 6;
const FIRST_PAUSE_MS = 4;
const SERIALIZATION_FAILURE = "40001";
const DEADLOCK = "40P01";

/**
 * Runs one unit in a transaction of its own and resolves after the commit. Serialization failures and deadlocks are
 * retried with growing pauses; a lost connection is a 503 of the catalogue (when it is lost during the commit nobody knows
 * whether that took place); the unit's own errors pass through.
 */
export async function writeOnPostgres<T>(
  connect: () => Promise<PostgresConnection>,
  release: (connection: PostgresConnection, error?: Error) => void,
  unit: (connection: PostgresConnection) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const connection = await connect();
    let broken: Error | undefined;
    try {
      connection.begin();
      const value = await unit(connection);
      await connection.commit();
      return value;
    } catch (error) {
      broken = await rollback(connection);
      // A connection that broke while it was idle is noticed here: another one may do.
      const isRetried = broken === undefined ? isRetryable(error) : !connection.hasBegun;
      if (!isRetried || attempt === MAX_ATTEMPTS) throw broken === undefined ? error : DatabaseUnavailable(error);
    } finally {
      release(connection, broken);
    }
    await delay(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random()));
  }
}

/** Gives the error when even the rollback failed: the connection is gone. */
async function rollback(connection: PostgresConnection): Promise<Error | undefined> {
  try {
    await connection.rollback();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** A unit may ask to be run again itself, when it has met what another transaction has just committed. */
function isRetryable(error: unknown): boolean {
  if (error instanceof PrefectError) return error.details.isConflict === true;
  const code = (error as { code?: string }).code;
  return code === SERIALIZATION_FAILURE || code === DEADLOCK;
}
