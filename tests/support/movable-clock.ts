import type { Clock } from "../../src/kit/clock.ts";
import { type Timestamp, timestampFromMs } from "../../src/kit/timestamp.ts";

export interface MovableClock extends Clock {
  pass(seconds: number): void;
  /** The time that many seconds from now. */
  in(seconds: number): Timestamp;
}

/** A clock that a test moves; it ticks a millisecond at every look. */
export function movableClock(startMs = Date.parse("2030-01-01T00:00:00Z")): MovableClock {
  let ms = startMs;
  const nowMs = () => ++ms;
  return {
    nowMs,
    now: () => timestampFromMs(nowMs()),
    pass(seconds) {
      ms += seconds * 1000;
    },
    in: (seconds) => timestampFromMs(ms + seconds * 1000),
  };
}
