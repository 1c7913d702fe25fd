import type { Db } from "../../db/database.ts";
import { lockConcurrencyLimits } from "../../db/repositories/concurrency-limits.ts";
import { deleteLease, type Lease } from "../../db/repositories/leases.ts";
import { secondsBetween } from "../../kit/timestamp.ts";
import type { ServerContext } from "../context.ts";
import { writeReleasedSlots } from "./write-slots.ts";

interface Release {
  /** Count how long the slots were held into the limits' averages. @default false */
  readonly countsOccupancy?: boolean;
  /** Only when it has expired by now: it may have been renewed since it was found. @default false */
  readonly onlyExpired?: boolean;
}

/** Removes a lease and gives its slots back. False when there is no such lease, so of several callers one does it. */
export async function releaseLease(
  ctx: Pick<ServerContext, "clock" | "db" | "settings">,
  tx: Db,
  released: Release & { readonly id: string },
): Promise<boolean> {
  const now = ctx.clock.now();
  const lease = await deleteLease(tx, released.id, released.onlyExpired ? now : undefined);
  if (!lease) return false;
  const limits = await lockConcurrencyLimits(tx, { ids: lease.limitIds });
  const occupancySeconds = released.countsOccupancy ? heldSeconds(lease, now) : undefined;
  await writeReleasedSlots(ctx, tx, { limits, slots: lease.slots, occupancySeconds });
  return true;
}

function heldSeconds(lease: Lease, now: string): number {
  return Math.max(0, secondsBetween(lease.created, now));
}
