import type { Db } from "../../db/database.ts";
import { type ConcurrencyLimitRow, lockConcurrencyLimits } from "../../db/repositories/concurrency-limits.ts";
import { insertLease } from "../../db/repositories/leases.ts";
import { hasRoomFor, retryAfterSeconds } from "../../domain/concurrency/slots.ts";
import { addSeconds } from "../../kit/timestamp.ts";
import type { ServerContext } from "../context.ts";
import { LimitsWithoutDecay, TooManySlots } from "../errors.ts";
import { slotWaits, writeDeniedSlots, writeTakenSlots } from "./write-slots.ts";

interface Asked {
  /** Unknown names are ignored, as are limits that are switched off. */
  readonly names: readonly string[];
  readonly slots: number;
  /** `rate_limit`: every limit must free its slots by itself. */
  readonly mode: "concurrency" | "rate_limit";
}

export type Acquisition =
  | { readonly kind: "acquired"; readonly limits: readonly ConcurrencyLimitRow[] }
  /** Nothing was taken; ask again after that many seconds. */
  | { readonly kind: "full"; readonly retryAfterSeconds: number };

/** Takes slots of every limit or of none. @throws TooManySlots, LimitsWithoutDecay */
export async function acquireSlots(ctx: ServerContext, tx: Db, asked: Asked): Promise<Acquisition> {
  const { slots } = asked;
  const limits = await lockConcurrencyLimits(tx, { names: asked.names });
  const active = limits.filter((limit) => limit.active);
  if (active.some((limit) => limit.limit < slots)) throw TooManySlots();
  const withoutDecay = active.filter((limit) => limit.slot_decay_per_second === 0).map(({ name }) => name);
  if (asked.mode === "rate_limit" && withoutDecay.length > 0) throw LimitsWithoutDecay(withoutDecay);

  const now = ctx.clock.now();
  if (active.every((limit) => hasRoomFor(limit, slots, now))) {
    await writeTakenSlots(ctx, tx, { limits: active, slots });
    return { kind: "acquired", limits };
  }
  await writeDeniedSlots(ctx, tx, { limits: active, slots });
  const wait = retryAfterSeconds(active, { slots, random: Math.random() }, slotWaits(ctx));
  return { kind: "full", retryAfterSeconds: wait };
}

/** The same under a lease, whose slots come back when it is not renewed in time. */
export async function acquireLease(
  ctx: ServerContext,
  tx: Db,
  asked: Asked & {
    readonly ttlSeconds: number;
    readonly holder: { readonly type: string; readonly id: string } | null;
  },
): Promise<{ readonly acquisition: Acquisition; readonly leaseId: string }> {
  const acquisition = await acquireSlots(ctx, tx, asked);
  const leaseId = ctx.ids.next();
  if (acquisition.kind === "acquired") {
    const created = ctx.clock.now();
    const limitIds = acquisition.limits.map(({ id }) => id);
    const expires = addSeconds(created, asked.ttlSeconds);
    await insertLease(tx, { id: leaseId, created, limitIds, slots: asked.slots, holder: asked.holder, expires });
  }
  return { acquisition, leaseId };
}
