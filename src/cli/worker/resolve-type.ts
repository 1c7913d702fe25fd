import { ApiNotFound, type Client } from "../../client/index.ts";
import { isPassing } from "../../client/until-answered.ts";
import type { WorkPoolResponse as WorkPool } from "../../schemas/work-pool.ts";
import { CommandFailed } from "../exit.ts";
import type { Output } from "../output.ts";

export interface PoolChoice {
  readonly poolName: string;
  readonly queues: readonly string[];
  readonly type: string | undefined;
}

/** The type of worker to start: the one asked for, else that of the pool. Warns of what will keep it from taking runs. */
export async function resolveType(client: Client, choice: PoolChoice, out: Output): Promise<string> {
  const { poolName, type } = choice;
  const pool = await findPool(client, choice);
  if (pool?.is_paused) {
    out.warn(`The work pool '${poolName}' is paused. This worker will not execute any flow runs until it is resumed.`);
  }
  if (pool && (await areQueuesPaused(client, choice))) {
    const which = choice.queues.length === 0 ? "All work queues" : "The given work queues";
    out.warn(`${which} in the work pool '${poolName}' are paused. This worker takes no runs until they are resumed.`);
  }
  return checked(type ?? typeOf(pool, poolName, out));
}

function typeOf(pool: WorkPool | undefined, poolName: string, out: Output): string {
  if (pool) {
    out.line(`Discovered type '${pool.type}' for work pool '${pool.name}'.`);
    return pool.type;
  }
  out.warn(`Work pool '${poolName}' does not exist and no worker type was provided. Starting a process worker...`);
  return "process";
}

function checked(type: string): string {
  if (type.endsWith(":push") || type.endsWith(":managed")) {
    throw CommandFailed("Workers are not required for push and managed work pools.");
  }
  if (type === "prefect-agent") {
    throw CommandFailed("Work pools of the type 'prefect-agent' are for agents of Prefect 2, not for workers.");
  }
  return type;
}

/** Undefined when there is none, or, with a type given, when the API is away: the worker waits for it. */
async function findPool(client: Client, { poolName, type }: PoolChoice): Promise<WorkPool | undefined> {
  try {
    return await client.workPools.read(poolName);
  } catch (error) {
    if (ApiNotFound.is(error) || (isPassing(error) && type !== undefined)) return undefined;
    throw CommandFailed(
      `The type of the work pool '${poolName}' cannot be determined: ${(error as Error).message} ` +
        "With --type a worker starts while the API is away.",
    );
  }
}

async function areQueuesPaused(client: Client, { poolName, queues }: PoolChoice): Promise<boolean> {
  const filter = queues.length === 0 ? {} : { work_queues: { name: { any_: queues } } };
  const found = await client.workPools.listQueues(poolName, filter).catch(() => []);
  return found.length > 0 && found.every((queue) => queue.is_paused);
}
