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
import type { Dialect } from "./dialect.ts";

export const postgresDialect: Dialect = {
  name: "postgres",
  rowLocks: true,
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

/** Opens a pool; no connection is made until the first query. `options` must set `TimeZone=UTC` and `DateStyle=ISO`. */
export function openPool(options: pg.PoolConfig): pg.Pool {
  const getTypeParser = (oid: number, format?: "text" | "binary") =>
    PARSERS[oid] ?? pg.types.getTypeParser(oid, format as "text");
  return new pg.Pool({
    ...options,
    types: { getTypeParser: getTypeParser as typeof pg.types.getTypeParser },
  });
}

/** One PostgreSQL connection for Kysely. A query with a `statementName` is prepared once per connection. */
export class PostgresConnection implements DatabaseConnection {
  readonly client: pg.PoolClient;
  readonly #usesPreparedStatements: boolean;

  constructor(client: pg.PoolClient, usesPreparedStatements: boolean) {
    this.client = client;
    this.#usesPreparedStatements = usesPreparedStatements;
  }

  async executeQuery<R>(query: CompiledQuery & { readonly statementName?: string }): Promise<QueryResult<R>> {
    const config = { text: query.sql, values: query.parameters as unknown[] };
    const isNamed = query.statementName !== undefined && this.#usesPreparedStatements;
    const result = await this.client.query(isNamed ? { ...config, name: query.statementName } : config);
    return { rows: result.rows as R[], numAffectedRows: BigInt(result.rowCount ?? 0) };
  }

  // biome-ignore lint/correctness/useYield: there is nothing to yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("Streaming is not used on PostgreSQL: page by key.");
  }
}

class Adapter extends PostgresAdapter {
  readonly dialect = postgresDialect;
}

/** A Kysely dialect whose connections come from `acquire`; transactions are `database.write`'s business. */
export function kyselyPostgres(source: {
  acquire(): Promise<PostgresConnection>;
  release(connection: PostgresConnection): void;
}): KyselyDialect {
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
    createAdapter: () => new Adapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}
