import type { Db } from "../../db/database.ts";
import type { NewEvent } from "../../db/repositories/events.ts";
import { queueEvents } from "../../db/repositories/trigger-queue.ts";
import type { ServerContext } from "../context.ts";

/** Lets events that are stored in this transaction, and that an automation could want, wait to be evaluated. */
export async function queueForTriggers(
  ctx: Pick<ServerContext, "automations" | "clock">,
  tx: Db,
  events: readonly NewEvent[],
): Promise<void> {
  const wanted = events.filter((event) => ctx.automations.wants(event));
  if (wanted.length > 0) await queueEvents(tx, wanted, ctx.clock.now());
}
