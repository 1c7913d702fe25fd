// Users get the servers and databases of our own tests, but not what is inside: its types would bring everything along.
import { createTestDatabase as createDatabase } from "./test-databases.ts";
import { startTestServer as startServer } from "./test-server.ts";
import type { DatabaseKind, TestServerOptions } from "./test-server-options.ts";

export type { DatabaseKind, TestServerOptions };

/** A migrated database of one's own, removed at the end. */
export interface TestDatabase extends AsyncDisposable {
  /** As `PREFECT_SERVER_DATABASE_CONNECTION_URL` takes it. */
  readonly connectionUrl: string;
}

export interface TestServer extends AsyncDisposable {
  /** `http://host:port`, or with `https`. */
  readonly url: string;
  /** Where clients connect: `url` plus the API's mount. */
  readonly apiUrl: string;
  /** Finishes what was accepted, then closes everything. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Makes a migrated, empty database: on SQLite a copy of a template file, on PostgreSQL a clone of a template database.
 * @param postgresUrl a server's maintenance database, whose account may create databases; needed for `postgresql`
 */
export const createTestDatabase: (kind: DatabaseKind, postgresUrl?: string) => Promise<TestDatabase> = createDatabase;

/** Starts a server of its own on a free port and an empty database; disposing it leaves nothing behind. */
export const startTestServer: (options?: TestServerOptions) => Promise<TestServer> = startServer;
