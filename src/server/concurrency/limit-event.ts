import type { ConcurrencyLimitRow } from "../../db/repositories/concurrency-limits.ts";
import type { NewEvent } from "../../db/repositories/events.ts";
import type { ServerContext } from "../context.ts";
import { lifecycleEvent } from "../events/lifecycle.ts";

/** The event of a concurrency limit that came to be, changed or went away. */
export function limitEvent(
  ctx: Pick<ServerContext, "clock" | "ids">,
  change: "created" | "updated" | "deleted",
  limit: ConcurrencyLimitRow,
): NewEvent {
  const { id, name, limit: size, active, slot_decay_per_second } = limit;
  const payload = { name, limit: size, active, slot_decay_per_second };
  return lifecycleEvent(ctx, { kind: "concurrency-limit", change, id, name, payload });
}
