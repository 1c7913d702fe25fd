import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import { Kysely } from "kysely";
import type { Pool, PoolClient } from "pg";
import { turnstile } from "../kit/turnstile.ts";
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
/** How long a caller waits for its turn. */
const MAX_WAIT_MS = 30_000;

/** A pool; every unit of work is a transaction on a connection of its own. */
export function openPostgres(config: PostgresConfig): Database {
  const pool = openPool(poolOptions(config));
  // Whoever uses a connection that breaks is told by its query; without listeners the breaking would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  const { acquire, release, close } = connectionsOf(pool, config);
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
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]() {
      return this.close();
    },
  };
}

/** Callers queue here and not in the pool, which takes a wait for a free connection for a database that is not there. */
function connectionsOf(pool: Pool, config: PostgresConfig) {
  const { usesPreparedStatements = true, maxConnections = DEFAULT_CONNECTIONS } = config;
  const connections = new WeakMap<PoolClient, PostgresConnection>();
  const gate = turnstile(maxConnections);

  const connect = async () => {
    try {
      return await pool.connect();
    } catch (error) {
      gate.leave();
      throw DatabaseUnavailable(error);
    }
  };
  return {
    async acquire(): Promise<PostgresConnection> {
      if (!(await gate.enter(MAX_WAIT_MS))) throw DatabaseUnavailable("no connection became free in time");
      const client = await connect();
      const connection = connections.get(client) ?? new PostgresConnection(client, usesPreparedStatements);
      connections.set(client, connection);
      return connection;
    },
    release(connection: PostgresConnection, error?: Error): void {
      connection.client.release(error);
      gate.leave();
    },
    async close(): Promise<void> {
      const places = Array.from({ length: maxConnections }, () => gate.enter(MAX_WAIT_MS));
      const taken = await Promise.all(places);
      await pool.end();
      for (const isTaken of taken) if (isTaken) gate.leave();
    },
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
