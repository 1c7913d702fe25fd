import type { Writable } from "node:stream";
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type Dialect as KyselyDialect,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from "kysely";
import pg from "pg";
import { fromDatabaseTimestamp } from "../../kit/timestamp.ts";
import type { Dialect, Statement } from "./dialect.ts";
import { mergeStatements } from "./merge-statements.ts";
import { type ClientPlace, clientClass } from "./postgres-client.ts";

export const postgresDialect: Dialect = {
  name: "postgres",
  rowLocks: true,
  circularInserts: true,
  timestamp: (value) => value,
  interval: (seconds) => `${seconds} seconds`,
};

const OID = { int8: 20, json: 114, timestamptz: 1184, interval: 1186, jsonb: 3802 } as const;
const asIs = (text: string) => text;

/** Values come out in the forms `Tables` declares: wire timestamps, raw JSON text, numbers, seconds. */
const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [OID.int8]: Number,
  [OID.json]: asIs,
  [OID.jsonb]: asIs,
  [OID.timestamptz]: fromDatabaseTimestamp,
  [OID.interval]: parseInterval,
};

/** `[N day[s] ]HH:MM:SS[.ffffff]`, PostgreSQL's default output, as seconds. */
export function parseInterval(text: string): number {
  const match = /^(?:(-?\d+) days? ?)?(?:(-?)(\d+):(\d\d):(\d\d(?:\.\d+)?))?$/.exec(text);
  if (!match) throw new RangeError(`PostgreSQL sent an interval of an unknown form: ${text}`);
  const [, days = "0", sign, hours = "0", minutes = "0", seconds = "0"] = match;
  const time = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return Number(days) * 86400 + (sign === "-" ? -time : time);
}

/**
 * Opens a pool; no connection is made until the first query. Each goes where `place` points at that moment, and begins
 * with the parameters of `startup`.
 */
export function openPool(
  options: pg.PoolConfig,
  place: () => ClientPlace,
  startup: Readonly<Record<string, string>>,
): pg.Pool {
  const getTypeParser = (oid: number, format?: "text" | "binary") =>
    PARSERS[oid] ?? pg.types.getTypeParser(oid, format as "text");
  return new pg.Pool({
    ...options,
    Client: clientClass(place, { TimeZone: "UTC", DateStyle: "ISO", ...startup }),
    types: { getTypeParser: getTypeParser as typeof pg.types.getTypeParser },
  });
}

/**
 * One PostgreSQL connection for Kysely. A statement with a name is prepared once per connection. Statements whose results
 * nobody needs may wait (`runLater`): they go to the server as one, before the next query or the commit.
 */
export class PostgresConnection implements DatabaseConnection {
  readonly client: pg.PoolClient;
  readonly #usesPreparedStatements: boolean;
  #waiting: Statement[] = [];
  #hasBegun = false;
  #mustBegin = false;

  constructor(client: pg.PoolClient, usesPreparedStatements: boolean) {
    this.client = client;
    this.#usesPreparedStatements = usesPreparedStatements;
  }

  async executeQuery<R>(
    query: CompiledQuery & { readonly statementName?: string; readonly isPlainRead?: boolean },
  ): Promise<QueryResult<R>> {
    if (this.#waiting.length > 0) await this.#runWaiting();
    const { sql, parameters, statementName: name, isPlainRead = false } = query;
    const result = await this.#run({ sql, parameters, name, isPlainRead });
    return { rows: result.rows as R[], numAffectedRows: BigInt(result.rowCount ?? 0) };
  }

  /**
   * Leaves a statement for later. Those that wait together run as one and see the same snapshot: none may depend on
   * what another of them writes, but for foreign keys, which are checked at the end of them all.
   */
  runLater(statement: Statement): void {
    this.#waiting.push(statement);
  }

  /** True once something of the unit may have taken effect; before, another connection may be tried. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /**
   * Begins a transaction with the next query that is more than a plain read, in the same packet. When nothing comes but
   * what waits for the commit, that one statement is its own transaction.
   */
  begin(): void {
    this.#waiting = [];
    this.#hasBegun = false;
    this.#mustBegin = true;
  }

  /** Runs what waits and commits, in one round trip. */
  async commit(): Promise<void> {
    if (this.#mustBegin) {
      this.#mustBegin = false;
      // If the connection breaks now, nobody knows whether the statement took effect: it must not be tried again.
      this.#hasBegun = true;
      if (this.#waiting.length > 0) await this.#runWaiting();
      return;
    }
    const [waiting, committed] = this.#inOnePacket(() => [
      this.#waiting.length > 0 ? this.#runWaiting() : undefined,
      this.client.query("COMMIT"),
    ]);
    committed.catch(() => undefined);
    await waiting;
    // After a failed statement PostgreSQL takes COMMIT for ROLLBACK: a unit must not hush the failure.
    if ((await committed).command === "ROLLBACK") throw new Error("A unit went on after a statement of it had failed.");
  }

  async rollback(): Promise<void> {
    this.#waiting = [];
    // Also where none has begun: the answer tells whether the connection is still there.
    await this.client.query("ROLLBACK");
  }

  #runWaiting(): Promise<pg.QueryResult> {
    const waiting = this.#waiting;
    this.#waiting = [];
    return this.#run(waiting.length === 1 ? (waiting[0] as Statement) : mergeStatements(waiting));
  }

  #run(statement: Statement): Promise<pg.QueryResult> {
    if (!this.#mustBegin || statement.isPlainRead) return this.#send(statement);
    this.#mustBegin = false;
    const begun = () => {
      this.#hasBegun = true;
    };
    return this.#inOnePacket(() => {
      // When this fails the connection is gone, and the statement says so.
      this.client.query("BEGIN").then(begun, () => undefined);
      return this.#send(statement);
    });
  }

  #send({ sql, parameters, name }: Statement): Promise<pg.QueryResult> {
    const values = parameters as unknown[];
    const isNamed = name !== undefined && this.#usesPreparedStatements;
    return this.client.query(isNamed ? { name, text: sql, values } : { text: sql, values });
  }

  /** Hands to the socket at once what `send` sends: each write costs more than the statement in it. */
  #inOnePacket<T>(send: () => T): T {
    const { stream } = (this.client as unknown as { readonly connection: { readonly stream: Writable } }).connection;
    stream.cork();
    try {
      return send();
    } finally {
      stream.uncork();
    }
  }

  // biome-ignore lint/correctness/useYield: there is nothing to yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("Streaming is not used on PostgreSQL: page by key.");
  }
}

class Adapter extends PostgresAdapter {
  readonly dialect = postgresDialect;
  readonly runLater: ((statement: Statement) => void) | undefined;

  constructor(connection: PostgresConnection | undefined) {
    super();
    this.runLater = connection && ((statement) => connection.runLater(statement));
  }
}

/** A Kysely dialect bound to a connection in a transaction; beginning and ending it is `database.write`'s business. */
export function kyselyTransaction(connection: PostgresConnection): KyselyDialect {
  return kyselyPostgres({ acquire: async () => connection, release: () => undefined }, connection);
}

/** A Kysely dialect whose connections come from `acquire`. */
export function kyselyPostgres(
  source: { acquire(): Promise<PostgresConnection>; release(connection: PostgresConnection): void },
  transaction?: PostgresConnection,
): KyselyDialect {
  const refuseTransaction = () => Promise.reject(new Error("Transactions are opened by database.write()."));
  const driver: Driver = {
    init: async () => undefined,
    acquireConnection: source.acquire,
    releaseConnection: async (connection) => source.release(connection as PostgresConnection),
    beginTransaction: refuseTransaction,
    commitTransaction: refuseTransaction,
    rollbackTransaction: refuseTransaction,
    destroy: async () => undefined,
  };
  return {
    createAdapter: () => new Adapter(transaction),
    createDriver: () => driver,
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}
