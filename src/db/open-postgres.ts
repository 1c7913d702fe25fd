import { Kysely } from "kysely";
import type { Pool, PoolClient, PoolConfig } from "pg";
import { turnstile } from "../kit/turnstile.ts";
import type { Database, Db, PostgresConfig, PostgresRole } from "./database.ts";
import {
  kyselyPostgres,
  kyselyTransaction,
  openPool,
  PostgresConnection,
  postgresDialect,
} from "./dialects/postgres.ts";
import { DatabaseUnavailable } from "./errors.ts";
import { postgresNotices } from "./postgres-notices.ts";
import { type PostgresPlace, type PostgresPlaces, postgresPlaces, UnsuitableServer } from "./postgres-places.ts";
import { parsePostgresUrl } from "./postgres-url.ts";
import type { Tables } from "./tables.ts";
import { writeOnPostgres } from "./write-postgres.ts";

const DEFAULT_CONNECTIONS = 20;
/** How long a caller waits for its turn. */
const MAX_WAIT_MS = 30_000;

/** A pool; every unit of work is a transaction on a connection of its own. */
export function openPostgres(config: PostgresConfig): Database {
  const places = postgresPlaces(config);
  const pool = openPool(poolOptions(config), () => places.current, startupOf(config));
  // Whoever uses a connection that breaks is told by its query; without listeners the breaking would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  const { acquire, release, close } = connectionsOf(pool, places, config);
  const transactions = new WeakMap<PostgresConnection, Db>();
  const transactionOn = (connection: PostgresConnection) => {
    const known = transactions.get(connection);
    if (known) return known;
    const made = new Kysely<Tables>({ dialect: kyselyTransaction(connection) });
    transactions.set(connection, made);
    return made;
  };
  const read = new Kysely<Tables>({ dialect: kyselyPostgres({ acquire, release }) });
  // Its own connection is no part of the pool, and is never replaced for its age.
  const listening = { ...poolOptions(config), max: 1, maxLifetimeSeconds: 0 };
  const notices = postgresNotices(read, () => openPool(listening, () => places.current, startupOf(config)));
  let closing: Promise<void> | undefined;

  return {
    dialect: postgresDialect,
    read,
    notices,
    write: (unit) => writeOnPostgres(acquire, release, (connection) => unit(transactionOn(connection))),
    close: () => (closing ??= notices.close().then(close)),
    [Symbol.asyncDispose]() {
      return this.close();
    },
  };
}

/** Callers queue here and not in the pool, which takes a wait for a free connection for a database that is not there. */
function connectionsOf(pool: Pool, places: PostgresPlaces, config: PostgresConfig) {
  const { usesPreparedStatements = true, maxConnections = DEFAULT_CONNECTIONS } = config;
  const connections = new WeakMap<PoolClient, PostgresConnection>();
  const gate = turnstile(maxConnections);

  const connectOnce = async (place: PostgresPlace) => {
    const client = await pool.connect();
    if (connections.has(client)) return client;
    try {
      await checkRole(client, place.role);
      return client;
    } catch (error) {
      client.release(true);
      throw error;
    }
  };
  const connect = async () => {
    const errors: unknown[] = [];
    for (;;) {
      const place = places.current;
      try {
        return await connectOnce(place);
      } catch (error) {
        errors.push(error);
        if (places.leave(place, error) && errors.length < places.count) continue;
        gate.leave();
        throw DatabaseUnavailable(...errors);
      }
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

function poolOptions(config: PostgresConfig): PoolConfig {
  const { statementTimeoutMs = 0, usesPreparedStatements = true, applicationName } = config;
  const { user, password, database } = parsePostgresUrl(config.url);
  // PgBouncer refuses a connection that starts with a parameter it does not know.
  const timeout = usesPreparedStatements
    ? { statement_timeout: statementTimeoutMs }
    : { query_timeout: statementTimeoutMs };
  return {
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    max: config.maxConnections ?? DEFAULT_CONNECTIONS,
    // Statements are sent without waiting for the answers to those before.
    pipeline: true,
    keepAlive: true,
    connectionTimeoutMillis: config.connectionTimeoutMs ?? 5000,
    maxLifetimeSeconds: config.connectionLifetimeSeconds ?? 0,
    ...(statementTimeoutMs > 0 ? timeout : {}),
    ...(applicationName ? { application_name: applicationName } : {}),
  } as PoolConfig;
}

/** Rules of ours assume that a statement sees what was committed before it, whatever the database's own default is. */
function startupOf({ searchPath, usesPreparedStatements = true }: PostgresConfig): Readonly<Record<string, string>> {
  return {
    ...(searchPath ? { search_path: searchPath } : {}),
    ...(usesPreparedStatements ? { default_transaction_isolation: "read committed" } : {}),
  };
}

/** @throws UnsuitableServer */
async function checkRole(client: PoolClient, role: PostgresRole): Promise<void> {
  if (role === "any") return;
  const { rows } = await client.query(
    "select pg_is_in_recovery() as standby, current_setting('transaction_read_only') = 'on' as frozen",
  );
  const { standby, frozen } = rows[0] as { standby: boolean; frozen: boolean };
  const isSuitable = { primary: !standby, standby, "prefer-standby": true, "read-write": !frozen, "read-only": frozen };
  if (!isSuitable[role]) throw new UnsuitableServer(`the server is not ${role}`);
}
