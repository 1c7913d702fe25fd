import type { Db } from "../../db/database.ts";
import { findConcurrencyLimit, lockConcurrencyLimits } from "../../db/repositories/concurrency-limits.ts";
import { findDeploymentLimitId } from "../../db/repositories/deployment-limits.ts";
import { deleteLeases, insertLease, listLeasesOfHolder, renewLease } from "../../db/repositories/leases.ts";
import { lockLegacyLimits, updateLegacySlots } from "../../db/repositories/legacy-concurrency-limits.ts";
import type { Effect } from "../../domain/orchestration/effects.ts";
import { addSeconds } from "../../kit/timestamp.ts";
import { releaseLease } from "../concurrency/release-lease.ts";
import { writeReleasedSlots, writeTakenSlots } from "../concurrency/write-slots.ts";
import type { ServerContext } from "../context.ts";

type Of<Kind extends Effect["kind"]> = Extract<Effect, { readonly kind: Kind }>;

/** Effects on concurrency limits and the leases over their slots. */
export type SlotEffect = Of<
  | "take-slots"
  | "renew-lease"
  | "forget-lease"
  | "release-deployment-slot"
  | "take-legacy-tag-slots"
  | "release-tag-slots"
>;

export async function applySlotEffect(ctx: ServerContext, tx: Db, effect: SlotEffect): Promise<void> {
  switch (effect.kind) {
    case "take-slots":
      return takeSlots(ctx, tx, effect);
    case "renew-lease": {
      const now = ctx.clock.now();
      await renewLease(tx, effect.leaseId, { now, expires: addSeconds(now, effect.ttlSeconds) });
      return;
    }
    case "forget-lease":
      return deleteLeases(tx, [effect.leaseId]);
    case "release-deployment-slot":
      return releaseDeploymentSlot(ctx, tx, effect);
    case "take-legacy-tag-slots":
      return changeLegacyHolders(ctx, tx, { tags: effect.tags, change: (held) => held.add(effect.taskRunId) });
    case "release-tag-slots":
      return releaseTagSlots(ctx, tx, effect);
  }
}

async function takeSlots(ctx: ServerContext, tx: Db, effect: Of<"take-slots">): Promise<void> {
  const limits = await lockConcurrencyLimits(tx, { ids: effect.limitIds });
  await writeTakenSlots(ctx, tx, { limits, slots: 1 });
  const created = ctx.clock.now();
  await insertLease(tx, {
    id: effect.leaseId,
    created,
    limitIds: effect.limitIds,
    slots: 1,
    holder: effect.holder,
    expires: addSeconds(created, effect.ttlSeconds),
  });
}

/** Gives a deployment's slot back: what its lease holds, or one slot where there is no lease any more. */
export async function releaseDeploymentSlot(
  ctx: ServerContext,
  tx: Db,
  slot: { readonly deploymentId: string; readonly leaseId: string | null },
): Promise<void> {
  if (slot.leaseId !== null && (await releaseLease(ctx, tx, { id: slot.leaseId }))) return;
  const limitId = await findDeploymentLimitId(tx, slot.deploymentId);
  if (limitId === null) return;
  const limits = await lockConcurrencyLimits(tx, { ids: [limitId] });
  await writeReleasedSlots(ctx, tx, { limits, slots: 1 });
}

async function releaseTagSlots(ctx: ServerContext, tx: Db, effect: Of<"release-tag-slots">): Promise<void> {
  const { tags, taskRunId } = effect;
  for (const lease of await listLeasesOfHolder(tx, taskRunId)) {
    if (await isOverTag(tx, lease.limitIds, tags)) await releaseLease(ctx, tx, { id: lease.id });
  }
  await changeLegacyHolders(ctx, tx, { tags, change: (held) => held.delete(taskRunId) });
}

async function isOverTag(tx: Db, limitIds: readonly string[], tags: readonly string[]): Promise<boolean> {
  for (const id of limitIds) {
    const limit = await findConcurrencyLimit(tx, { id });
    if (limit !== undefined && tags.some((tag) => limit.name === `tag:${tag}`)) return true;
  }
  return false;
}

async function changeLegacyHolders(
  ctx: ServerContext,
  tx: Db,
  { tags, change }: { readonly tags: readonly string[]; readonly change: (holders: Set<string>) => unknown },
): Promise<void> {
  for (const limit of await lockLegacyLimits(tx, tags)) {
    const holders = new Set(limit.active_slots);
    change(holders);
    if (holders.size === limit.active_slots.length) continue;
    await updateLegacySlots(tx, limit.id, { holders: [...holders], now: ctx.clock.now() });
  }
}
