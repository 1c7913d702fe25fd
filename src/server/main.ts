import type { AddressInfo } from "node:net";
import { openDatabase } from "../db/database.ts";
import { type Clock, systemClock } from "../kit/clock.ts";
import { uuid7Ids } from "../kit/ids.ts";
import type { Logger } from "../kit/logger.ts";
import { apiMount, databaseConfig, type Settings } from "../settings/index.ts";
import { createApp } from "./app.ts";
import { watchAutomations } from "./automations/watched.ts";
import { createBackgroundTasks } from "./background-tasks.ts";
import { registerBuiltinBlocks } from "./blocks/builtin/register-builtin-blocks.ts";
import { givenEncryptionKey } from "./blocks/encryption-key.ts";
import { closeGracefully } from "./close-gracefully.ts";
import type { ServerContext } from "./context.ts";
import { createEventBus } from "./events/bus.ts";
import { createEventIngest } from "./events/ingest.ts";
import { createLiveChannels } from "./live.ts";
import { migrateAtStart } from "./migrate-at-start.ts";
import { routes } from "./routes.ts";
import { services as allServices } from "./services/all.ts";
import { startServices } from "./services.ts";
import { attachSockets } from "./sockets/attach.ts";

export interface ServerOptions {
  readonly settings: Settings;
  readonly log: Logger;
  /** Resolves a relative database path. @default process.cwd() */
  readonly cwd?: string;
  readonly clock?: Clock;
  /** @default settings.server.api.host */
  readonly host?: string;
  /** 0 takes a free port. @default settings.server.api.port */
  readonly port?: number;
  /** Background services to run: all that are enabled, or none. @default true */
  readonly services?: boolean;
}

export interface RunningServer {
  /** `http://host:port`, or with `https`. */
  readonly url: string;
  /** Where clients connect: `url` plus the API's mount. */
  readonly apiUrl: string;
  readonly ctx: ServerContext;
  /** Finishes what was accepted, then closes everything. Idempotent. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens (and migrates) the database, listens, then starts the background services.
 * @throws the database's, the migration's and the socket's own errors; nothing is left open then
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const ctx = await createContext(options);
  try {
    await registerBlocks(ctx);
    return await listen(ctx, options);
  } catch (error) {
    await ctx.automations.stop();
    await ctx.db.close();
    throw error;
  }
}

/** Background services without an API, as another process beside servers that run none. */
export interface RunningServerServices {
  /** Lets what is under way end, then closes the database. Idempotent. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens (and migrates) the database and starts the enabled background services. */
export async function startServerServices(
  options: Pick<ServerOptions, "settings" | "log" | "cwd" | "clock">,
): Promise<RunningServerServices> {
  const ctx = await createContext(options);
  const services = startServices(ctx, allServices);
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    await services.stop();
    await ctx.ingest.idle();
    await ctx.live.close();
    await ctx.automations.stop();
    await ctx.db.close();
  };
  const stopOnce = () => {
    stopping ??= stop();
    return stopping;
  };
  return { stop: stopOnce, [Symbol.asyncDispose]: stopOnce };
}

async function createContext(options: ServerOptions): Promise<ServerContext> {
  const { settings, log, clock = systemClock() } = options;
  // A key that cannot be used is found now, not by the first request for a block.
  givenEncryptionKey(settings);
  const cwd = options.cwd ?? process.cwd();
  const db = openDatabase(databaseConfig(settings, cwd));
  try {
    await migrateAtStart(db, { settings, log, cwd });
  } catch (error) {
    await db.close();
    throw error;
  }
  const backgroundTasks = createBackgroundTasks();
  const bus = createEventBus();
  const live = createLiveChannels({ db, bus, log });
  const ids = uuid7Ids(() => clock.nowMs());
  const automations = await watchAutomations({ db, log });
  const ctx = { db, clock, ids, bus, live, automations, backgroundTasks, settings, log };
  return { ...ctx, ingest: createEventIngest(ctx) };
}

/** A server without them serves everything else. */
async function registerBlocks(ctx: ServerContext): Promise<void> {
  if (!ctx.settings.server.register_blocks_on_start) return;
  try {
    await registerBuiltinBlocks(ctx);
  } catch (error) {
    ctx.log.warn({ err: error }, "the built-in block types could not be registered");
  }
}

async function listen(ctx: ServerContext, options: ServerOptions): Promise<RunningServer> {
  const { api } = ctx.settings.server;
  const mount = apiMount(ctx.settings);
  const app = createApp(ctx, routes, mount);
  const closeConnections = closeGracefully(app.server, () => app.close());
  const sockets = attachSockets(ctx, app.server, mount);
  const host = options.host ?? api.host;
  try {
    await app.listen({ host, port: options.port ?? api.port });
  } catch (error) {
    await Promise.all([sockets.close(), app.close()]);
    throw error;
  }
  const { port } = app.server.address() as AddressInfo;
  const url = `${api.tls_cert_file === null ? "http" : "https"}://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const services = startServices(ctx, options.services === false ? [] : allServices);

  let stopping: Promise<void> | undefined;
  const stop = async () => {
    // At once no longer listening; connections end as soon as their request is answered.
    await Promise.all([closeConnections(), sockets.close(), services.stop()]);
    await ctx.ingest.idle();
    await ctx.live.close();
    await ctx.automations.stop();
    await ctx.db.close();
  };
  return {
    url,
    apiUrl: url + mount,
    ctx,
    stop: () => (stopping ??= stop()),
    [Symbol.asyncDispose]: () => (stopping ??= stop()),
  };
}
