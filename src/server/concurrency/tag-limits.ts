import type { Db } from "../../db/database.ts";
import {
  type ConcurrencyLimitRow,
  deleteConcurrencyLimit,
  findConcurrencyLimit,
  insertConcurrencyLimit,
  lockConcurrencyLimits,
  updateConcurrencyLimit,
} from "../../db/repositories/concurrency-limits.ts";
import { insertLease, listLeasesOfHolder, listLeasesOfLimits } from "../../db/repositories/leases.ts";
import {
  deleteLegacyLimit,
  findLegacyLimit,
  type LegacyConcurrencyLimit,
  lockLegacyLimits,
  updateLegacySlots,
} from "../../db/repositories/legacy-concurrency-limits.ts";
import { hasRoomFor } from "../../domain/concurrency/slots.ts";
import { addSeconds } from "../../kit/timestamp.ts";
import type { ServerContext } from "../context.ts";
import { TagLimitIsZero, TagLimitNotFound, TagSlotsTaken } from "../errors.ts";
import type { Eventful } from "../events/lifecycle.ts";
import { limitEvent } from "./limit-event.ts";
import { releaseLease } from "./release-lease.ts";
import { writeTakenSlots } from "./write-slots.ts";

/** Clients of tag limits cannot renew a lease, so theirs lives until it is ended: about a hundred years. */
const TAG_LEASE_SECONDS = 100 * 365 * 86_400;
const FIRST_OCCUPANCY_SECONDS = 2;

export const TAG_PREFIX = "tag:";

/** Makes a limit on a tag, or changes the one there is. */
export async function putTagLimit(
  ctx: ServerContext,
  tx: Db,
  wanted: { readonly tag: string; readonly limit: number },
): Promise<Eventful<{ readonly row: ConcurrencyLimitRow; readonly isNew: boolean }>> {
  const name = TAG_PREFIX + wanted.tag;
  const { limit } = wanted;
  const updated = ctx.db.dialect.timestamp(ctx.clock.now());
  const [known] = await lockConcurrencyLimits(tx, { names: [name] });
  const changed = known && (await updateConcurrencyLimit(tx, known.id, { limit, updated }));
  if (changed) return { result: { row: changed, isNew: false }, events: [limitEvent(ctx, "updated", changed)] };
  const row = await insertConcurrencyLimit(tx, {
    id: ctx.ids.next(),
    created: updated,
    updated,
    name,
    limit,
    active: true,
    active_slots: 0,
    denied_slots: 0,
    slot_decay_per_second: 0,
    avg_slot_occupancy_seconds: FIRST_OCCUPANCY_SECONDS,
  });
  return { result: { row, isNew: true }, events: [limitEvent(ctx, "created", row)] };
}

/** A limit in the shape of its generation. */
export interface TagSlot {
  readonly id: string;
  readonly name: string;
  readonly limit: number;
}

/** Takes one slot of every limit on these tags, or none, for a task run. @throws TagLimitIsZero, TagSlotsTaken */
export async function takeTagSlots(
  ctx: ServerContext,
  tx: Db,
  asked: { readonly tags: readonly string[]; readonly taskRunId: string },
): Promise<readonly TagSlot[]> {
  const { tags, taskRunId } = asked;
  const { current, legacy } = await lockTagLimits(tx, tags);
  const zero = tags.find((tag) => (current.get(tag)?.limit ?? legacy.get(tag)?.concurrency_limit) === 0);
  if (zero !== undefined) throw TagLimitIsZero(zero);

  const usable = [...new Set(tags)].map((tag) => ({ tag, limit: activeOnly(current.get(tag)), old: legacy.get(tag) }));
  const [now, waitSeconds] = [ctx.clock.now(), ctx.settings.server.tasks.tag_concurrency_slot_wait_seconds];
  const currents = usable.flatMap(({ limit }) => limit ?? []);
  const legacies = usable.flatMap(({ limit, old }) => (limit === undefined && old !== undefined ? [old] : []));
  const fullLegacy = legacies.find((limit) => limit.active_slots.length >= limit.concurrency_limit);
  if (fullLegacy) throw TagSlotsTaken(fullLegacy.tag, waitSeconds);
  const [first] = currents;
  if (first && !currents.every((limit) => hasRoomFor(limit, 1, now))) throw TagSlotsTaken(tagOf(first), waitSeconds);

  if (currents.length > 0) await takeUnderLease(ctx, tx, { limits: currents, taskRunId });
  for (const limit of legacies) {
    await updateLegacySlots(tx, limit.id, { holders: [...new Set([...limit.active_slots, taskRunId])], now });
  }
  return [
    ...currents.map((limit) => ({ id: limit.id, name: tagOf(limit), limit: limit.limit })),
    ...legacies.map(legacySlot),
  ];
}

async function lockTagLimits(tx: Db, tags: readonly string[]) {
  const rows = await lockConcurrencyLimits(tx, { names: tags.map((tag) => TAG_PREFIX + tag) });
  const legacy = await lockLegacyLimits(tx, tags);
  return {
    current: new Map(rows.map((row) => [tagOf(row), row])),
    legacy: new Map(legacy.map((limit) => [limit.tag, limit])),
  };
}

export function tagOf(limit: { readonly name: string }): string {
  return limit.name.slice(TAG_PREFIX.length);
}

function activeOnly(limit: ConcurrencyLimitRow | undefined): ConcurrencyLimitRow | undefined {
  return limit?.active ? limit : undefined;
}

function legacySlot({ id, tag, concurrency_limit }: LegacyConcurrencyLimit): TagSlot {
  return { id, name: tag, limit: concurrency_limit };
}

async function takeUnderLease(
  ctx: ServerContext,
  tx: Db,
  taken: { readonly limits: readonly ConcurrencyLimitRow[]; readonly taskRunId: string },
): Promise<void> {
  await writeTakenSlots(ctx, tx, { limits: taken.limits, slots: 1 });
  await insertTagLease(ctx, tx, { limitIds: taken.limits.map(({ id }) => id), taskRunId: taken.taskRunId });
}

async function insertTagLease(
  ctx: ServerContext,
  tx: Db,
  lease: { readonly limitIds: readonly string[]; readonly taskRunId: string },
): Promise<void> {
  const created = ctx.clock.now();
  const expires = addSeconds(created, TAG_LEASE_SECONDS);
  const holder = { type: "task_run", id: lease.taskRunId };
  await insertLease(tx, { id: ctx.ids.next(), created, limitIds: lease.limitIds, slots: 1, holder, expires });
}

/** Gives back what the task run holds of the limits on these tags, and gives the limits. */
export async function releaseTagSlots(
  ctx: ServerContext,
  tx: Db,
  given: { readonly tags: readonly string[]; readonly taskRunId: string },
): Promise<readonly TagSlot[]> {
  const { tags, taskRunId } = given;
  const { current, legacy } = await lockTagLimits(tx, tags);
  const ids = new Set([...current.values()].map(({ id }) => id));
  for (const lease of await listLeasesOfHolder(tx, taskRunId)) {
    if (lease.limitIds.some((id) => ids.has(id))) await releaseLease(ctx, tx, { id: lease.id });
  }
  const released = [...legacy.values()].filter((limit) => !current.has(limit.tag)).filter(isHeldBy(taskRunId));
  for (const limit of released) {
    const holders = limit.active_slots.filter((id) => id !== taskRunId);
    await updateLegacySlots(tx, limit.id, { holders, now: ctx.clock.now() });
  }
  return [...[...current.values()].map(({ id, name, limit }) => ({ id, name, limit })), ...released.map(legacySlot)];
}

function isHeldBy(taskRunId: string): (limit: LegacyConcurrencyLimit) => boolean {
  return (limit) => limit.active_slots.includes(taskRunId);
}

/** Ends every claim to slots of the limit on a tag; then only `holders` have one each. @throws TagLimitNotFound */
export async function resetTagLimit(
  ctx: ServerContext,
  tx: Db,
  reset: { readonly tag: string; readonly holders: readonly string[] },
): Promise<void> {
  const { tag, holders } = reset;
  const [limit] = await lockConcurrencyLimits(tx, { names: [TAG_PREFIX + tag] });
  if (!limit) {
    const [legacy] = await lockLegacyLimits(tx, [tag]);
    if (!legacy) throw TagLimitNotFound();
    return updateLegacySlots(tx, legacy.id, { holders, now: ctx.clock.now() });
  }
  await releaseAll(ctx, tx, limit.id);
  const updated = ctx.db.dialect.timestamp(ctx.clock.now());
  await updateConcurrencyLimit(tx, limit.id, { active_slots: holders.length, updated });
  for (const taskRunId of holders) await insertTagLease(ctx, tx, { limitIds: [limit.id], taskRunId });
}

async function releaseAll(ctx: ServerContext, tx: Db, limitId: string): Promise<void> {
  for (const lease of await listLeasesOfLimits(tx, [limitId])) await releaseLease(ctx, tx, { id: lease.id });
}

/** Deletes a limit with every claim to its slots. @throws TagLimitNotFound */
export async function removeTagLimit(
  ctx: ServerContext,
  tx: Db,
  key: { readonly id: string } | { readonly tag: string },
): Promise<Eventful<undefined>> {
  const limit = await findConcurrencyLimit(tx, "id" in key ? key : { name: TAG_PREFIX + key.tag });
  if (!limit) {
    const legacy = await findLegacyLimit(tx, key);
    if (!legacy || !(await deleteLegacyLimit(tx, legacy.id))) throw TagLimitNotFound();
    return { result: undefined, events: [] };
  }
  await releaseAll(ctx, tx, limit.id);
  await deleteConcurrencyLimit(tx, limit.id);
  return { result: undefined, events: [limitEvent(ctx, "deleted", limit)] };
}
