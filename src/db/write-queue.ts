import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import { DatabaseBusy, DatabaseUnavailable, databaseFailure } from "./errors.ts";

/** Units of one transaction; more would make the first caller wait for the last. */
const MAX_UNITS = 256;
const BUSY_PAUSE_MS = 5;

interface Unit {
  readonly run: () => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** What the queue needs of the writing connection. */
interface Connection {
  query(sql: string, parameters: readonly unknown[]): unknown;
  /** Statements run so far that may have changed something. */
  readonly writes: number;
  /** False once SQLite has ended the transaction of its own accord (full disk, I/O error). */
  readonly isTransaction: boolean;
}

/** A unit failed after it had written: the transaction must be undone and run again with savepoints. */
class NeedsSavepoints extends Error {}

/**
 * The one writer of an SQLite database. Units that arrive in the same turn of the event loop commit as one
 * transaction; every caller is answered after the commit, and a unit that fails leaves nothing behind and fails alone.
 * A unit may await nothing but its own queries (while it waits for anything else, all other writers wait for it), and
 * may be run twice.
 */
export class WriteQueue {
  readonly #connection: Connection;
  readonly #lockTimeoutMs: number;
  #waiting: Unit[] = [];
  #draining: Promise<void> | undefined;

  /** @param lockTimeoutMs how long another process may hold the write lock before callers are told to come back */
  constructor(connection: Connection, lockTimeoutMs: number) {
    this.#connection = connection;
    this.#lockTimeoutMs = lockTimeoutMs;
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
      await this.#commit(this.#waiting.splice(0, MAX_UNITS));
      // Lets the requests that are already on the sockets join the next transaction.
      await nextTurn();
    }
    this.#draining = undefined;
  }

  /** Savepoints cost as much as a small write, so they are taken only once a unit has failed half-way. */
  async #commit(batch: readonly Unit[]): Promise<void> {
    try {
      await this.#transact(batch, (unit) => this.#runBare(unit));
    } catch (error) {
      if (!(error instanceof NeedsSavepoints)) return rejectAll(batch, error);
      await this.#transact(batch, (unit) => this.#runInSavepoint(unit)).catch((again) => rejectAll(batch, again));
    }
  }

  async #transact(batch: readonly Unit[], run: (unit: Unit) => Promise<() => void>): Promise<void> {
    const answers: (() => void)[] = [];
    try {
      await this.#begin();
      for (const unit of batch) answers.push(await run(unit));
      this.#control("COMMIT");
    } catch (error) {
      this.#rollback();
      throw error;
    }
    for (const answer of answers) answer();
  }

  /** Waits here rather than in SQLite, whose wait would stop the whole process. */
  async #begin(): Promise<void> {
    const deadline = performance.now() + this.#lockTimeoutMs;
    for (;;) {
      try {
        return this.#control("BEGIN IMMEDIATE");
      } catch (error) {
        if (!DatabaseBusy.is(databaseFailure(error)) || performance.now() > deadline) throw error;
        await delay(BUSY_PAUSE_MS);
      }
    }
  }

  /** Gives what to do after the commit. */
  async #runBare(unit: Unit): Promise<() => void> {
    const writesBefore = this.#connection.writes;
    try {
      const value = await unit.run();
      return () => unit.resolve(value);
    } catch (error) {
      if (this.#connection.writes !== writesBefore || !this.#connection.isTransaction) throw new NeedsSavepoints();
      return () => unit.reject(error);
    }
  }

  async #runInSavepoint(unit: Unit): Promise<() => void> {
    this.#control("SAVEPOINT unit");
    try {
      const value = await unit.run();
      this.#control("RELEASE unit");
      return () => unit.resolve(value);
    } catch (error) {
      if (!this.#connection.isTransaction) throw error;
      this.#control("ROLLBACK TO unit");
      this.#control("RELEASE unit");
      return () => unit.reject(error);
    }
  }

  #rollback(): void {
    try {
      this.#control("ROLLBACK");
    } catch {
      // SQLite has already rolled back (full disk, I/O error), or the transaction never began.
    }
  }

  #control(sql: string): void {
    this.#connection.query(sql, []);
  }
}

function rejectAll(batch: readonly Unit[], error: unknown): void {
  const failure = databaseFailure(error) ?? DatabaseUnavailable(error);
  for (const unit of batch) unit.reject(failure);
}
