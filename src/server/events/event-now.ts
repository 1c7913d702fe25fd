import type { NewEvent } from "../../db/repositories/events.ts";
import type { ServerContext } from "../context.ts";

type Told = Pick<NewEvent, "event" | "resource"> & Partial<NewEvent>;

/** An event of the server's own that happens now. */
export function eventNow(ctx: Pick<ServerContext, "clock" | "ids">, told: Told): NewEvent {
  const now = ctx.clock.now();
  return { id: ctx.ids.next(), occurred: now, received: now, related: [], payload: {}, follows: null, ...told };
}
