import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import { Kysely } from "kysely";
import type { Pool, PoolClient } from "pg";
import type { Database, Db, PostgresConfig, PostgresTls } from "./database.ts";
import {
  kyselyPostgres,
  kyselyTransaction,
  openPool,
  PostgresConnection,
  postgresDialect,
} from "./dialects/postgres.ts";
import { DatabaseUnavailable } from "./errors.ts";
import type { Tables } from "./tables.ts";
import { writeOnPostgres } from "./write-postgres.ts";

const DEFAULT_CONNECTIONS = 20;

/** A pool; every unit of work is a transaction on a connection of its own. */
export function openPostgres(config: PostgresConfig): Database {
  const pool = openPool(poolOptions(config));
  // Whoever uses a connection that breaks is told by its query; without listeners the breaking would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  const acquire = connectionsOf(pool, config.usesPreparedStatements ?? true);
  const release = (connection: PostgresConnection, error?: Error) => connection.client.release(error);
  const transactions = new WeakMap<PostgresConnection, Db>();
  const transactionOn = (connection: PostgresConnection) => {
    const known = transactions.get(connection);
    if (known) return known;
    const made = new Kysely<Tables>({ dialect: kyselyTransaction(connection) });
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

function connectionsOf(pool: Pool, usesPreparedStatements: boolean): () => Promise<PostgresConnection> {
  const connections = new WeakMap<PoolClient, PostgresConnection>();
  return async () => {
    const client = await pool.connect().catch((error: unknown) => {
      throw DatabaseUnavailable(error);
    });
    const known = connections.get(client);
    if (known) return known;
    const made = new PostgresConnection(client, usesPreparedStatements);
    connections.set(client, made);
    return made;
  };
}

function poolOptions(config: PostgresConfig) {
  const { applicationName, searchPath, statementTimeoutMs = 0, tls } = config;
  return {
    connectionString: config.url,
    max: config.maxConnections ?? DEFAULT_CONNECTIONS,
    // Statements are sent without waiting for the answers to those before.
    pipeline: true,
    keepAlive: true,
    connectionTimeoutMillis: config.connectionTimeoutMs ?? 5000,
    options: `-c TimeZone=UTC -c DateStyle=ISO${searchPath ? ` -c search_path=${searchPath}` : ""}`,
    ...(statementTimeoutMs > 0 ? { statement_timeout: statementTimeoutMs } : {}),
    ...(applicationName ? { application_name: applicationName } : {}),
    ...(tls ? { ssl: tlsOptions(tls) } : {}),
  };
}

function tlsOptions(tls: PostgresTls): ConnectionOptions {
  const file = (path: string | undefined) => (path === undefined ? undefined : readFileSync(path));
  return {
    ca: file(tls.caFile),
    cert: file(tls.certFile),
    key: file(tls.keyFile),
    rejectUnauthorized: tls.isVerified,
    ...(tls.checksHostname ? {} : { checkServerIdentity: () => undefined }),
  };
}
