import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Client } from "../../client/index.ts";
import { systemClock } from "../../kit/clock.ts";
import { uuid7Ids } from "../../kit/ids.ts";
import type { Logger } from "../../kit/logger.ts";
import { ownLauncher } from "../../kit/own-files.ts";
import { type ControlChannel, openControlChannel } from "../../runner/control-channel.ts";
import { settingsEnvironment } from "../../settings/settings-environment.ts";
import type { Infrastructure } from "../../workers/infrastructure.ts";
import { processPool } from "../../workers/pools/process.ts";
import { startWorker, type Worker, type WorkerOptions } from "../../workers/worker.ts";
import type { Context } from "../context.ts";
import { CommandFailed } from "../exit.ts";

export interface WorkerWish extends Pick<WorkerOptions, "wish" | "queues" | "limit" | "prefetchSeconds"> {
  readonly name: string;
  readonly client: Client;
  readonly log: Logger;
}

/** Starts a worker with the settings and in the environment of this command. Throws CommandFailed. */
export async function openWorker(context: Context, options: WorkerWish): Promise<Worker & AsyncDisposable> {
  const { settings, resolved } = context;
  const { name, client, wish } = options;
  if (/[/%]/.test(name)) throw CommandFailed("The name of a worker may not contain '/' or '%'.");
  const control = await openControlChannel();
  const clock = systemClock();
  const worker = startWorker({
    ...options,
    settings,
    clock,
    ids: uuid7Ids(clock.nowMs),
    identity: { name, type: wish.type },
    infrastructure: infrastructureFor(wish.type, { context, client, control }),
    ledger: { folder: join(settings.home, "workers"), apiUrl: client.http.apiUrl, pid: process.pid },
    settingsEnv: { ...settingsEnvironment(resolved), PREFECT_API_URL: client.http.apiUrl },
  });
  return {
    ...worker,
    async [Symbol.asyncDispose]() {
      await worker.stop();
      await control[Symbol.asyncDispose]();
    },
  };
}

function infrastructureFor(
  type: string,
  given: { readonly context: Context; readonly client: Client; readonly control: ControlChannel },
): Infrastructure {
  if (type !== "process")
    throw CommandFailed(`There is no worker for pools of the type '${type}' here, only 'process'.`);
  const { env, cwd } = given.context.inputs;
  const ownCommand = [process.execPath, fileURLToPath(ownLauncher), "flow-run", "execute"] as const;
  return processPool({ ...given, env, cwd, ownCommand });
}
