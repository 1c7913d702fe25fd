import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { Kysely } from "kysely";
import type { PoolClient } from "pg";
import type { Dialect } from "./dialects/dialect.ts";
import { kyselyPostgres, openPool, PostgresConnection, postgresDialect } from "./dialects/postgres.ts";
import { kyselySqlite, openSqliteConnection, sqliteDialect } from "./dialects/sqlite.ts";
import { DatabaseUnavailable } from "./errors.ts";
import type { Tables } from "./tables.ts";
import { writeOnPostgres } from "./write-postgres.ts";
import { WriteQueue } from "./write-queue.ts";

/** A connection or a transaction: repository functions cannot tell. */
export type Db = Kysely<Tables>;

export type DatabaseConfig =
  | { readonly kind: "sqlite"; readonly path: string }
  | {
      readonly kind: "postgres";
      /** `postgresql://user:password@host:port/database`. */
      readonly url: string;
      /** Most connections open at once. @default 20 */
      readonly poolSize?: number;
      readonly connectionTimeoutMs?: number;
      readonly statementTimeoutMs?: number;
      readonly applicationName?: string;
    };

export interface Database {
  readonly dialect: Dialect;
  /** Reads outside any transaction; never waits for writers. */
  readonly read: Db;
  /**
   * Runs `unit` in a transaction and resolves with its result after the commit. When it rejects nothing is written.
   * The unit may be run again after a conflict, so it must have no effect but its queries, and await nothing else.
   */
  write<T>(unit: (tx: Db) => Promise<T>): Promise<T>;
  /** Commits what was accepted, then closes every connection. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens the database without looking at its schema: `migrate` does that. */
export function openDatabase(config: DatabaseConfig): Database {
  return config.kind === "sqlite" ? openSqlite(config.path) : openPostgres(config);
}

function openSqlite(path: string): Database {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const writer = openSqliteConnection(path);
  const reader = openSqliteConnection(path, { readOnly: true });
  const queue = new WriteQueue(writer);
  const read = new Kysely<Tables>({ dialect: kyselySqlite(reader) });
  const write = new Kysely<Tables>({ dialect: kyselySqlite(writer) });
  let closing: Promise<void> | undefined;

  const close = async () => {
    await queue.idle();
    reader.close();
    writer.exec("PRAGMA optimize");
    writer.close();
  };
  return {
    dialect: sqliteDialect,
    read,
    write: (unit) => queue.add(() => unit(write)),
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]() {
      return this.close();
    },
  };
}

function openPostgres(config: DatabaseConfig & { kind: "postgres" }): Database {
  const pool = openPool({
    connectionString: config.url,
    max: config.poolSize ?? 20,
    connectionTimeoutMillis: config.connectionTimeoutMs ?? 5000,
    ...(config.statementTimeoutMs === undefined ? {} : { statement_timeout: config.statementTimeoutMs }),
    ...(config.applicationName === undefined ? {} : { application_name: config.applicationName }),
  });
  // An idle connection that breaks is replaced by the next query; without a listener it would end the process.
  pool.on("error", () => undefined);
  const connections = new WeakMap<PoolClient, PostgresConnection>();

  const acquire = async () => {
    const client = await pool.connect().catch((error: unknown) => {
      throw DatabaseUnavailable(error);
    });
    const known = connections.get(client);
    if (known) return known;
    const made = new PostgresConnection(client);
    connections.set(client, made);
    return made;
  };
  const release = (connection: PostgresConnection, error?: Error) => connection.client.release(error);
  const transactions = new WeakMap<PostgresConnection, Db>();
  const transactionOn = (connection: PostgresConnection) => {
    const known = transactions.get(connection);
    if (known) return known;
    const bound = kyselyPostgres({ acquire: async () => connection, release: () => undefined });
    const made = new Kysely<Tables>({ dialect: bound });
    transactions.set(connection, made);
    return made;
  };
  let closing: Promise<void> | undefined;

  return {
    dialect: postgresDialect,
    read: new Kysely<Tables>({ dialect: kyselyPostgres({ acquire, release }) }),
    write: (unit) => writeOnPostgres(acquire, release, (connection) => unit(transactionOn(connection))),
    close: () => (closing ??= pool.end()),
    [Symbol.asyncDispose]() {
      return this.close();
    },
  };
}
