import { isAbsolute, resolve } from "node:path";
import type { Settings } from "./catalogue.ts";
import { DatabaseUrlUnsupported } from "./errors.ts";

/** A SQLite database: a file, or `:memory:`. */
interface SqliteConfig {
  readonly kind: "sqlite";
  /** An absolute path, or `:memory:`. */
  readonly path: string;
  /** How long a statement waits for a lock. */
  readonly busyTimeoutMs: number;
}

/** A PostgreSQL database. */
interface PostgresConfig {
  readonly kind: "postgres";
  /** `postgresql://user:password@host:port/name`, without driver and without options. */
  readonly url: string;
  readonly applicationName: string | undefined;
  readonly searchPath: string | undefined;
  readonly maxConnections: number;
  /** 0 means no bound. */
  readonly statementTimeoutMs: number;
  readonly connectionTimeoutMs: number;
  /** False behind PgBouncer in transaction mode. */
  readonly usesPreparedStatements: boolean;
  readonly tls: PostgresTls | undefined;
}

/** How to speak TLS with PostgreSQL; the files are PEM. */
interface PostgresTls {
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  /** Whether the certificate must be signed by a known authority. */
  readonly isVerified: boolean;
  readonly checksHostname: boolean;
}

export type DatabaseConfig = SqliteConfig | PostgresConfig;

/** What the database URL and its settings say. `cwd` resolves a relative SQLite path. Throws DatabaseUrlUnsupported. */
export function databaseConfig(settings: Settings, cwd: string): DatabaseConfig {
  const url = settings.server.database.connection_url?.reveal() ?? "";
  const scheme = /^[a-z0-9+]*/.exec(url)?.[0] ?? "";
  const [kind, driver] = scheme.split("+");
  if (kind === "sqlite" && (driver ?? "aiosqlite") === "aiosqlite") return sqliteConfig(url, settings, cwd);
  const isPostgres = kind === "postgresql" || kind === "postgres";
  if (isPostgres && (driver ?? "asyncpg") === "asyncpg") return postgresConfig(url.slice(scheme.length), settings);
  throw DatabaseUrlUnsupported(scheme === "" ? url.slice(0, 10) : scheme);
}

function sqliteConfig(url: string, settings: Settings, cwd: string): SqliteConfig {
  const [rest = ""] = url.replace(/^[^:]*:\/\/\/?/, "").split("?");
  const file = rest.replace(/^file:/, "");
  const path = file === "" || file === ":memory:" ? ":memory:" : isAbsolute(file) ? file : resolve(cwd, file);
  return { kind: "sqlite", path, busyTimeoutMs: milliseconds(settings.server.database.timeout ?? 60) };
}

function postgresConfig(rest: string, settings: Settings): PostgresConfig {
  const { timeout, connection_timeout, sqlalchemy } = settings.server.database;
  const { connect_args } = sqlalchemy;
  const [place = "", query] = rest.split("?");
  const options = new URLSearchParams(query);
  const sizes = [connect_args.statement_cache_size, connect_args.prepared_statement_cache_size];
  const fromUrl = options.get("prepared_statement_cache_size") ?? options.get("statement_cache_size");
  return {
    kind: "postgres",
    url: `postgresql${place}`,
    applicationName: connect_args.application_name ?? options.get("application_name") ?? undefined,
    searchPath: connect_args.search_path ?? options.get("search_path") ?? undefined,
    maxConnections: sqlalchemy.pool_size + Math.max(0, sqlalchemy.max_overflow),
    statementTimeoutMs: milliseconds(timeout ?? 0),
    connectionTimeoutMs: milliseconds(connection_timeout ?? 60),
    usesPreparedStatements: !sizes.includes(0) && fromUrl !== "0",
    tls: tlsConfig(settings, options.get("ssl") ?? options.get("sslmode") ?? ""),
  };
}

function tlsConfig(settings: Settings, mode: string): PostgresTls | undefined {
  const { tls } = settings.server.database.sqlalchemy.connect_args;
  if (tls.enabled) {
    return {
      caFile: tls.ca_file ?? undefined,
      certFile: tls.cert_file ?? undefined,
      keyFile: tls.key_file ?? undefined,
      isVerified: true,
      checksHostname: tls.check_hostname,
    };
  }
  if (!["require", "true", "True", "verify-ca", "verify-full"].includes(mode)) return undefined;
  const isVerified = mode.startsWith("verify");
  const files = { caFile: undefined, certFile: undefined, keyFile: undefined };
  return { ...files, isVerified, checksHostname: mode === "verify-full" };
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}
