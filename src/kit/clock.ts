import { type Timestamp, timestampFromMs } from "./timestamp.ts";

/** The only source of time. Everything that needs the time is given a clock, so tests can set it. */
export interface Clock {
  /** Milliseconds since 1970, with microseconds as a fraction. */
  nowMs(): number;
  /** The current time in the wire form. */
  now(): Timestamp;
}

/** A clock set back by less is taken to be drifting: time stands still until it has caught up. */
const MAX_STANDSTILL_MS = 1000;
/** How far the two clocks of the machine may drift apart before they are aligned again. */
const MAX_DRIFT_MS = 2;

/** The machine's clock. Reads increase by at least one microsecond, unless the machine is set back by over a second. */
export function systemClock(): Clock {
  let offsetMs = performance.timeOrigin;
  let lastMicros = 0;
  const nowMs = () => {
    const wallMs = Date.now();
    // The monotonic clock supplies the microseconds; wall time wins when the two drift apart (NTP, suspend).
    if (Math.abs(offsetMs + performance.now() - wallMs) > MAX_DRIFT_MS) offsetMs = wallMs - performance.now();
    const micros = Math.round((offsetMs + performance.now()) * 1000);
    const isSetBack = lastMicros - micros > MAX_STANDSTILL_MS * 1000;
    lastMicros = isSetBack ? micros : Math.max(micros, lastMicros + 1);
    return lastMicros / 1000;
  };
  return { nowMs, now: () => timestampFromMs(nowMs()) };
}
