import type { RetryDelaySeconds } from "../options.ts";

const MAX_DELAYS = 50;

/** The delays as the API stores them: one number, or at most 50. */
export function delaysOf(delay: RetryDelaySeconds, retries: number): number | readonly number[] {
  return typeof delay === "function" ? delay(retries).slice(0, MAX_DELAYS) : delay;
}

/** Seconds before retry number `attempt` (from 0); the last delay of a list repeats. */
export function delayBefore(delays: number | readonly number[], attempt: number): number {
  if (typeof delays === "number") return delays;
  return delays[Math.min(attempt, delays.length - 1)] ?? 0;
}

/**
 * A delay near `averageSeconds`, at most `factor` of it away, spread so that runs that failed together come back apart.
 * `random` is uniform in [0, 1).
 */
export function withJitter(averageSeconds: number, factor: number, random: number): number {
  const lowest = averageSeconds * Math.max(0, 1 - factor);
  const highest = averageSeconds * (1 + factor);
  const exponential = -Math.log(1 - random) * averageSeconds;
  return Math.min(Math.max(exponential, lowest), highest);
}
