import type { Kysely } from "kysely";
import type { Dialect } from "./dialects/dialect.ts";
import type { Notices } from "./notices.ts";
import { openPostgres } from "./open-postgres.ts";
import { openSqlite } from "./open-sqlite.ts";
import type { Tables } from "./tables.ts";

/** A connection or a transaction: repository functions cannot tell. */
export type Db = Kysely<Tables>;

/** A file, or `:memory:` for a database that ends with the process. */
export interface SqliteConfig {
  readonly kind: "sqlite";
  readonly path: string;
  /** How long a transaction waits for another process's lock before callers get a 503; 10 s at most. @default 10000 */
  readonly busyTimeoutMs?: number;
}

export interface PostgresConfig {
  readonly kind: "postgres";
  /**
   * `postgresql://user:password@host:port/database`, every part escaped. Several `host:port` are tried in turn; an
   * escaped directory is the place of a socket.
   */
  readonly url: string;
  /** Most connections open at once; more than about 20 gain nothing. @default 20 */
  readonly maxConnections?: number;
  /** 0 means no bound. */
  readonly connectionTimeoutMs?: number;
  /** After this long a connection is replaced; 0 means never. @default 0 */
  readonly connectionLifetimeSeconds?: number;
  /** 0 means no bound. */
  readonly statementTimeoutMs?: number;
  readonly applicationName?: string | undefined;
  readonly searchPath?: string | undefined;
  /** False behind PgBouncer in transaction mode. @default true */
  readonly usesPreparedStatements?: boolean;
  /** What a server must be to be used. @default "any" */
  readonly role?: PostgresRole;
  /** Undefined means never. */
  readonly tls?: PostgresTls | undefined;
}

export type PostgresRole = "any" | "primary" | "standby" | "read-write" | "read-only" | "prefer-standby";

/** PEM files by path. */
export interface PostgresTls {
  /** `prefer` falls back to plain text where the server has no TLS, `allow` takes TLS where the server insists. */
  readonly mode: "allow" | "prefer" | "require";
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  readonly isVerified: boolean;
  readonly checksHostname: boolean;
}

export type DatabaseConfig = SqliteConfig | PostgresConfig;

export interface Database {
  readonly dialect: Dialect;
  /** Reads outside any transaction; never waits for writers. */
  readonly read: Db;
  /**
   * Runs `unit` in a transaction and resolves with its result after the commit. When it rejects nothing is written.
   * The unit may be run again after a conflict, so it must have no effect but its queries, and await nothing else.
   */
  write<T>(unit: (tx: Db) => Promise<T>): Promise<T>;
  /** Between the processes that share the database. */
  readonly notices: Notices;
  /** Commits what was accepted, then closes every connection. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens the database without looking at its schema: `migrate` does that. */
export function openDatabase(config: DatabaseConfig): Database {
  return config.kind === "sqlite" ? openSqlite(config) : openPostgres(config);
}
