import type { Settings } from "./catalogue.ts";
import { DatabaseUrlInvalid, DatabaseUrlUnsupported } from "./errors.ts";
import { parseDatabaseUrl } from "./parse-database-url.ts";
import { type PostgresConfig, postgresConfig } from "./postgres-config.ts";
import { type SqliteConfig, sqliteConfig } from "./sqlite-config.ts";

export type DatabaseConfig = SqliteConfig | PostgresConfig;

/**
 * What the database URL and its settings say. `cwd` resolves a relative SQLite path.
 * @throws DatabaseUrlUnsupported, DatabaseUrlInvalid; neither shows a password
 */
export function databaseConfig(settings: Settings, cwd: string): DatabaseConfig {
  const parts = parseDatabaseUrl(settings.server.database.connection_url?.reveal() ?? "");
  if (parts === undefined) throw DatabaseUrlInvalid("It is not of the form kind://user:password@host:port/name.");
  const { kind, driver } = parts;
  if (kind === "sqlite" && (driver ?? "aiosqlite") === "aiosqlite") return sqliteConfig(parts, settings, cwd);
  const isPostgres = kind === "postgresql" || kind === "postgres";
  if (isPostgres && (driver ?? "asyncpg") === "asyncpg") return postgresConfig(parts, settings);
  throw DatabaseUrlUnsupported(driver === undefined ? kind : `${kind}+${driver}`);
}

/** The same for changes of the schema: few connections, whose statements may take as long as migrations may. */
export function migrationConfig(settings: Settings, cwd: string): DatabaseConfig {
  const config = databaseConfig(settings, cwd);
  if (config.kind === "sqlite") return config;
  const seconds = settings.server.database.migration_timeout ?? 0;
  return { ...config, maxConnections: 6, statementTimeoutMs: Math.ceil(seconds * 1000) };
}
