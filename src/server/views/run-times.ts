import { compareTimestamps, secondsBetween, type Timestamp } from "../../kit/timestamp.ts";

interface RunTimes {
  readonly state_type: string | null;
  readonly state_timestamp: Timestamp | null;
  readonly start_time: Timestamp | null;
  readonly end_time: Timestamp | null;
  readonly expected_start_time: Timestamp | null;
  /** Seconds. */
  readonly total_run_time: number;
}

/** Total run time so far in seconds: while RUNNING the time since the state began counts too. */
export function estimatedRunTime(run: RunTimes, now: Timestamp): number {
  if (run.state_type !== "RUNNING" || run.state_timestamp === null) return run.total_run_time;
  return round(run.total_run_time + secondsBetween(run.state_timestamp, now));
}

/** Lateness in seconds, never negative: how long after the expected start a run started, or has not yet. */
export function estimatedStartDelta(run: RunTimes, now: Timestamp): number {
  const { expected_start_time: expected, start_time: started } = run;
  if (expected === null) return 0;
  if (started !== null) return compareTimestamps(started, expected) > 0 ? secondsBetween(expected, started) : 0;
  const isWaiting = run.end_time === null && compareTimestamps(expected, now) < 0 && !isTerminal(run.state_type);
  return isWaiting ? secondsBetween(expected, now) : 0;
}

function isTerminal(type: string | null): boolean {
  return type === "COMPLETED" || type === "FAILED" || type === "CANCELLED" || type === "CRASHED";
}

function round(seconds: number): number {
  return Math.round(seconds * 1_000_000) / 1_000_000;
}
