const STEPS = [
  { unit: "second", seconds: 1 },
  { unit: "minute", seconds: 60 },
  { unit: "hour", seconds: 3600 },
  { unit: "day", seconds: 86_400 },
  { unit: "week", seconds: 604_800 },
  { unit: "month", seconds: 2_629_800 },
  { unit: "year", seconds: 31_557_600 },
] as const;

/** `3 minutes ago`, `in 2 hours`; `when` is as seen from `now`, both in milliseconds. */
export function relativeTime(whenMs: number, nowMs: number): string {
  const seconds = Math.abs(whenMs - nowMs) / 1000;
  const step = STEPS.findLast((candidate) => seconds >= candidate.seconds) ?? STEPS[0];
  const count = Math.floor(seconds / step.seconds);
  if (count === 0) return "now";
  const amount = `${count} ${step.unit}${count === 1 ? "" : "s"}`;
  return whenMs > nowMs ? `in ${amount}` : `${amount} ago`;
}
