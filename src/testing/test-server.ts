import { tmpdir } from "node:os";
import type { Clock } from "../kit/clock.ts";
import { type Logger, silentLogger } from "../kit/logger.ts";
import { type RunningServer, startServer } from "../server/main.ts";
import { loadSettings } from "../settings/index.ts";
import { createTestDatabase, type DatabaseKind } from "./test-databases.ts";

export interface TestServerOptions {
  /** @default "sqlite" */
  readonly database?: DatabaseKind;
  /** A PostgreSQL server's maintenance database; needed for `postgresql`. */
  readonly postgresUrl?: string | undefined;
  /** Settings as environment variables, such as `{ PREFECT_SERVER_API_AUTH_STRING: "admin:pass" }`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Background services run only where a test is about them. @default false */
  readonly services?: boolean;
  readonly clock?: Clock;
  readonly log?: Logger;
}

/** Starts a server of its own on a free port and an empty database; disposing it leaves nothing behind. */
export async function startTestServer(options: TestServerOptions = {}): Promise<RunningServer> {
  const database = await createTestDatabase(options.database ?? "sqlite", options.postgresUrl);
  const home = tmpdir();
  const env = {
    PREFECT_HOME: home,
    PREFECT_PROFILES_PATH: `${home}/no-such-profiles.toml`,
    PREFECT_SERVER_DATABASE_CONNECTION_URL: database.connectionUrl,
    PREFECT_SERVER_DATABASE_MIGRATE_ON_START: "false",
    PREFECT_SERVER_REGISTER_BLOCKS_ON_START: "false",
    ...options.env,
  };
  const server = await startServer({
    settings: loadSettings({ env, cwd: home, homeDir: home }),
    log: options.log ?? silentLogger,
    host: "127.0.0.1",
    port: 0,
    services: options.services ?? false,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  const stop = async () => {
    await server.stop();
    await database[Symbol.asyncDispose]();
  };
  return { ...server, stop, [Symbol.asyncDispose]: stop };
}
