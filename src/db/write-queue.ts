import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import { DatabaseBusy, DatabaseUnavailable } from "./errors.ts";

/** Units of one transaction; more would make the first caller wait for the last. */
const MAX_UNITS = 256;
/** How long a foreign process may hold the write lock before callers are told to come back. */
const BUSY_DEADLINE_MS = 10_000;
const BUSY_PAUSE_MS = 5;

interface Unit {
  readonly run: () => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Connection {
  exec(sql: string): void;
}

/**
 * The one writer of an SQLite database. Units that arrive in the same turn of the event loop commit as one
 * transaction, each inside its own savepoint; every caller is answered after the commit. A unit may await nothing but
 * its own queries: while it waits for anything else, all other writers wait for it.
 */
export class WriteQueue {
  readonly #connection: Connection;
  #waiting: Unit[] = [];
  #draining: Promise<void> | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Resolves with the unit's result after the commit. Rejects with the unit's own error, or a 503 of the catalogue. */
  add<T>(run: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ run, resolve: resolve as (value: unknown) => void, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when everything accepted so far is committed. */
  async idle(): Promise<void> {
    while (this.#draining) await this.#draining;
  }

  async #drain(): Promise<void> {
    await nextTurn();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MAX_UNITS);
      await this.#commit(batch);
      // Lets the requests that are already on the sockets join the next transaction.
      await nextTurn();
    }
    this.#draining = undefined;
  }

  async #commit(batch: readonly Unit[]): Promise<void> {
    const settle: (() => void)[] = [];
    try {
      await this.#begin();
      for (const unit of batch) settle.push(await this.#runUnit(unit));
      this.#connection.exec("COMMIT");
    } catch (error) {
      this.#rollback();
      const failure = isBusy(error) ? DatabaseBusy(error) : DatabaseUnavailable(error);
      for (const unit of batch) unit.reject(failure);
      return;
    }
    for (const answer of settle) answer();
  }

  async #begin(): Promise<void> {
    const deadline = performance.now() + BUSY_DEADLINE_MS;
    for (;;) {
      try {
        return this.#connection.exec("BEGIN IMMEDIATE");
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw error;
        await delay(BUSY_PAUSE_MS);
      }
    }
  }

  /** Gives what to do after the commit; a failed unit leaves nothing behind and fails alone. */
  async #runUnit(unit: Unit): Promise<() => void> {
    this.#connection.exec("SAVEPOINT unit");
    try {
      const value = await unit.run();
      this.#connection.exec("RELEASE unit");
      return () => unit.resolve(value);
    } catch (error) {
      this.#connection.exec("ROLLBACK TO unit; RELEASE unit");
      return () => unit.reject(error);
    }
  }

  #rollback(): void {
    try {
      this.#connection.exec("ROLLBACK");
    } catch {
      // SQLite has already rolled back (full disk, I/O error), or the transaction never began.
    }
  }
}

const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;

function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode;
  return code !== undefined && [SQLITE_BUSY, SQLITE_LOCKED].includes(code & 0xff);
}
