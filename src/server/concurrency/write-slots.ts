import type { Db } from "../../db/database.ts";
import { type ConcurrencyLimitRow, updateConcurrencyLimit } from "../../db/repositories/concurrency-limits.ts";
import {
  denySlots,
  releaseSlots,
  type SlotChange,
  type SlotMoment,
  type SlotWaits,
  takeSlots,
} from "../../domain/concurrency/slots.ts";
import type { ServerContext } from "../context.ts";

type Limits = readonly ConcurrencyLimitRow[];
type SlotContext = Pick<ServerContext, "clock" | "db" | "settings">;

/** Adds `slots` to the slots in use of each limit. The limits are locked and were found to have room. */
export function writeTakenSlots(ctx: SlotContext, tx: Db, taken: { readonly limits: Limits; readonly slots: number }) {
  return writeSlots(ctx, tx, { limits: taken.limits, change: (limit, at) => takeSlots(limit, taken.slots, at) });
}

/** Gives `slots` of each limit back. The limits are locked. `occupancySeconds` is how long they were held, if known. */
export function writeReleasedSlots(
  ctx: SlotContext,
  tx: Db,
  released: { readonly limits: Limits; readonly slots: number; readonly occupancySeconds?: number | undefined },
): Promise<void> {
  const { limits, ...given } = released;
  return writeSlots(ctx, tx, { limits, change: (limit, at) => releaseSlots(limit, given, at) });
}

/** Remembers that `slots` of each limit were asked for in vain. The limits are locked. */
export function writeDeniedSlots(
  ctx: SlotContext,
  tx: Db,
  denied: { readonly limits: Limits; readonly slots: number },
) {
  return writeSlots(ctx, tx, { limits: denied.limits, change: (limit, at) => denySlots(limit, denied.slots, at) });
}

/** A limit that is switched off counts nothing. */
async function writeSlots(
  ctx: SlotContext,
  tx: Db,
  written: { readonly limits: Limits; readonly change: (limit: ConcurrencyLimitRow, at: SlotMoment) => SlotChange },
): Promise<void> {
  const at = { now: ctx.clock.now(), waits: slotWaits(ctx) };
  const updated = ctx.db.dialect.timestamp(at.now);
  for (const limit of written.limits) {
    if (!limit.active) continue;
    await updateConcurrencyLimit(tx, limit.id, { ...written.change(limit, at), updated });
  }
}

export function slotWaits({ settings }: Pick<ServerContext, "settings">): SlotWaits {
  return {
    tagSeconds: settings.server.tasks.tag_concurrency_slot_wait_seconds,
    otherSeconds: settings.server.concurrency.maximum_concurrency_slot_wait_seconds,
  };
}
