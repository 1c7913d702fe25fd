import { addSeconds, compareTimestamps, type Timestamp, timestampToMs } from "../../kit/timestamp.ts";
import type { EventTriggerInput } from "../../schemas/trigger.ts";

/** Twice as long as an event may be waited for: one held must outlast whatever may open a window over it. */
export const HELD_SECONDS = 30 * 60;

/** An expected event that a window opened later may have to count. */
export interface HeldEvent {
  readonly id: string;
  readonly occurred: Timestamp;
}

/**
 * Adds an event, and forgets those that are too old or too many to matter: of each stretch of `within` seconds the first
 * and the last `threshold` stay, so that any window finds as many as it needs, or all there were.
 */
export function holdEvent(
  held: readonly HeldEvent[],
  { id, occurred }: HeldEvent,
  { within, threshold }: Pick<EventTriggerInput, "within" | "threshold">,
): readonly HeldEvent[] {
  const all = [...held, { id, occurred }].toSorted(byTime);
  const newest = all.at(-1)?.occurred ?? occurred;
  const horizon = addSeconds(newest, -Math.max(HELD_SECONDS, within));
  const slot = slotOf(occurred, within);
  const inSlot = all.filter((each) => slotOf(each.occurred, within) === slot);
  const surplus = new Set(inSlot.slice(Math.max(threshold, 0), Math.max(inSlot.length - threshold, 0)));
  return all.filter((each) => compareTimestamps(each.occurred, horizon) >= 0 && !surplus.has(each));
}

/** How many occurred from `start` on and before `end`. */
export function countHeld(
  held: readonly HeldEvent[],
  { start, end }: { readonly start: Timestamp; readonly end: Timestamp },
): number {
  return held.filter(({ occurred }) => compareTimestamps(occurred, start) >= 0 && compareTimestamps(occurred, end) < 0)
    .length;
}

function byTime(a: HeldEvent, b: HeldEvent): number {
  return compareTimestamps(a.occurred, b.occurred) || (a.id < b.id ? -1 : 1);
}

function slotOf(occurred: Timestamp, widthSeconds: number): number {
  return Math.floor(timestampToMs(occurred) / (widthSeconds * 1000));
}
