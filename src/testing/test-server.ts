import { tmpdir } from "node:os";
import { silentLogger } from "../kit/logger.ts";
import { type RunningServer, startServer } from "../server/main.ts";
import { loadSettings } from "../settings/index.ts";
import { createTestDatabase } from "./test-databases.ts";
import type { TestServerOptions } from "./test-server-options.ts";

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
