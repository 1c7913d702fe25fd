import type { Clock } from "../../src/kit/clock.ts";
import { type Timestamp, timestampFromMs, timestampToMs } from "../../src/kit/timestamp.ts";

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  advanceMs(ms: number): void;
}

export function manualClock(start: Timestamp): ManualClock {
  let atMs = timestampToMs(start);
  return {
    nowMs: () => atMs,
    now: () => timestampFromMs(atMs),
    advanceMs(ms) {
      atMs += ms;
    },
  };
}
