import { isUuid } from "../../../kit/ids.ts";
import type { WorkQueueResponse as WorkQueue } from "../../../schemas/work-queue.ts";
import { orNotFound } from "../../api-errors.ts";
import type { Context } from "../../context.ts";
import { argument, textFlag } from "../../flags.ts";

export const queueArgument = argument("Name or id of the work queue.");
export const poolFlag = textFlag("-p, --pool <name>", "Name of its work pool.");

/** The queue with this name, in the pool where one is named, or with this id. Throws CommandFailed. */
export async function readQueue(context: Context, nameOrId: string, pool: string | undefined): Promise<WorkQueue> {
  const client = await context.client();
  const found = isUuid(nameOrId) ? client.workQueues.read(nameOrId) : client.workQueues.readByName(nameOrId, pool);
  return await orNotFound(found, `No work queue named '${nameOrId}' found${inPool(pool)}.`);
}

/** ` in work pool 'x'`, or nothing. */
export function inPool(pool: string | undefined): string {
  return pool === undefined ? "" : ` in work pool '${pool}'`;
}
