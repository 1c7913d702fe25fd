import { secondsBetween, type Timestamp } from "../../kit/timestamp.ts";
import { clampedPoissonInterval } from "../orchestration/delays.ts";

/** A limit's row, as far as its slots are concerned. `updated` is the moment its counts were true. */
export interface SlotCounts {
  readonly name: string;
  readonly limit: number;
  readonly active_slots: number;
  readonly denied_slots: number;
  /** 0 for limits whose slots are given back; above it slots free themselves. */
  readonly slot_decay_per_second: number;
  /** How long a slot has been held on average. */
  readonly avg_slot_occupancy_seconds: number;
  readonly updated: Timestamp;
}

/** The counts to write; their moment is the one they were computed for. */
export type SlotChange = Pick<SlotCounts, "active_slots" | "denied_slots" | "avg_slot_occupancy_seconds">;

/** What callers are told to wait at most, in seconds. */
export interface SlotWaits {
  /** For limits on tags. */
  readonly tagSeconds: number;
  readonly otherSeconds: number;
}

export interface SlotMoment {
  readonly now: Timestamp;
  readonly waits: SlotWaits;
}

const MIN_OCCUPANCY_SECONDS = 0.1;
/** The average moves as if it were taken over this many turns of all slots. */
const OCCUPANCY_TURNS = 2;

/** Slots in use at `now`, after those that have freed themselves. */
export function occupiedSlots(limit: SlotCounts, now: Timestamp): number {
  return decayed(limit.active_slots, limit.slot_decay_per_second, elapsed(limit, now));
}

/** True when `slots` more fit. */
export function hasRoomFor(limit: SlotCounts, slots: number, now: Timestamp): boolean {
  return occupiedSlots(limit, now) + slots <= limit.limit;
}

export function takeSlots(limit: SlotCounts, slots: number, at: SlotMoment): SlotChange {
  return { ...countsAt(limit, at), active_slots: occupiedSlots(limit, at.now) + slots };
}

/** Never below zero. With `occupancySeconds`, how long the slots were held, the average occupancy follows. */
export function releaseSlots(
  limit: SlotCounts,
  released: { readonly slots: number; readonly occupancySeconds?: number | undefined },
  at: SlotMoment,
): SlotChange {
  const { slots, occupancySeconds } = released;
  const counts = countsAt(limit, at);
  const active_slots = Math.max(0, counts.active_slots - slots);
  if (!occupancySeconds || slots === 0 || limit.limit === 0) return { ...counts, active_slots };
  const perSlot = Math.max(occupancySeconds / slots, MIN_OCCUPANCY_SECONDS);
  const average = limit.avg_slot_occupancy_seconds;
  const moved = average + (perSlot - average) / (limit.limit * OCCUPANCY_TURNS);
  return { ...counts, active_slots, avg_slot_occupancy_seconds: moved };
}

/** Remembers that slots were asked for in vain: the more, the longer the next callers are told to wait. */
export function denySlots(limit: SlotCounts, slots: number, at: SlotMoment): SlotChange {
  const counts = countsAt(limit, at);
  return { ...counts, active_slots: limit.active_slots, denied_slots: counts.denied_slots + slots };
}

/**
 * How long a caller that was denied `slots` should wait, in seconds, with jitter.
 *
 * @param limits at least one, as they were before the denial was counted
 * @param random uniform in [0, 1)
 */
export function retryAfterSeconds(
  limits: readonly SlotCounts[],
  asked: { readonly slots: number; readonly random: number },
  waits: SlotWaits,
): number {
  const { slots, random } = asked;
  const blocking = limits.map((limit) => ({ limit, score: blockingScore(limit, slots) }));
  const worst = blocking.reduce((most, each) => (each.score > most.score ? each : most));
  return clampedPoissonInterval(averageWait(worst, waits), random);
}

function blockingScore(limit: SlotCounts, slots: number): number {
  const waiting = slots + limit.denied_slots;
  return limit.slot_decay_per_second > 0 ? waiting : waiting / limit.limit;
}

function averageWait({ limit, score }: { readonly limit: SlotCounts; readonly score: number }, waits: SlotWaits) {
  if (limit.slot_decay_per_second > 0) return score / limit.slot_decay_per_second;
  const longest = longestWait(limit, waits);
  return Math.min(Math.min(limit.avg_slot_occupancy_seconds, longest) * score, longest);
}

function countsAt(limit: SlotCounts, { now, waits }: SlotMoment): SlotChange {
  return {
    active_slots: occupiedSlots(limit, now),
    denied_slots: decayed(limit.denied_slots, denialDecay(limit, waits), elapsed(limit, now)),
    avg_slot_occupancy_seconds: limit.avg_slot_occupancy_seconds,
  };
}

/** Denials are forgotten as fast as slots come free. */
function denialDecay(limit: SlotCounts, waits: SlotWaits): number {
  if (limit.slot_decay_per_second > 0) return limit.slot_decay_per_second;
  const occupancy = Math.min(limit.avg_slot_occupancy_seconds, longestWait(limit, waits));
  return 1 / Math.max(MIN_OCCUPANCY_SECONDS, occupancy);
}

function longestWait(limit: SlotCounts, waits: SlotWaits): number {
  return limit.name.startsWith("tag:") ? waits.tagSeconds : waits.otherSeconds;
}

function elapsed(limit: SlotCounts, now: Timestamp): number {
  return Math.max(0, secondsBetween(limit.updated, now));
}

function decayed(count: number, perSecond: number, seconds: number): number {
  return Math.max(0, count - Math.floor(perSecond * seconds));
}
