import { type Timestamp, timestampFromMs } from "./timestamp.ts";

/** The only source of time. Everything that needs the time is given a clock, so tests can set it. */
export interface Clock {
  /** Milliseconds since 1970, with microseconds as a fraction. */
  nowMs(): number;
  /** The current time in the wire form. */
  now(): Timestamp;
}

/** The machine's clock. Reads strictly increase by at least one microsecond within a process. */
export function systemClock(): Clock {
  let lastMs = 0;
  const nowMs = () => {
    const wall = Date.now();
    // The monotonic clock supplies the microseconds; wall time wins when the two drift apart (NTP, suspend).
    const fine = performance.timeOrigin + performance.now();
    const candidate = Math.abs(fine - wall) < 2 ? fine : wall;
    lastMs = candidate > lastMs ? candidate : lastMs + 0.001;
    return lastMs;
  };
  return { nowMs, now: () => timestampFromMs(nowMs()) };
}
