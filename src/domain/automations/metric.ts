import { addSeconds, secondsBetween, type Timestamp } from "../../kit/timestamp.ts";
import type { MetricTriggerInput } from "../../schemas/trigger.ts";
import type { Bucket } from "./bucket.ts";
import type { TriggerState } from "./firing.ts";

type MetricQuery = MetricTriggerInput["metric"];

/** What a metric looks at of a flow run that started or ended. */
export interface MeasuredRun {
  readonly state_type: string | null;
  readonly expected_start_time: Timestamp | null;
  readonly start_time: Timestamp | null;
  /** Seconds. */
  readonly total_run_time: number;
}

/** Names of the events that tell of the flow runs a metric is about. */
export function measuredEvents({ name }: Pick<MetricQuery, "name">): readonly string[] {
  const states =
    name === "lateness" ? ["Running"] : ["Completed", "Cached", "RolledBack", "Failed", "TimedOut", "Crashed"];
  return states.map((state) => `prefect.flow-run.${state}`);
}

/** The metric's value: a part from 0 to 1, or seconds; undefined when no run says anything about it. */
export function measure({ name }: Pick<MetricQuery, "name">, runs: readonly MeasuredRun[]): number | undefined {
  switch (name) {
    case "successes":
      return mean(runs.map(({ state_type }) => (state_type === "COMPLETED" ? 1 : 0)));
    case "duration":
      return mean(runs.map(({ total_run_time }) => total_run_time));
    case "lateness":
      return mean(
        runs.flatMap(({ expected_start_time, start_time }) =>
          expected_start_time === null || start_time === null
            ? []
            : [Math.max(0, secondsBetween(expected_start_time, start_time))],
        ),
      );
  }
}

function mean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export interface Measured {
  readonly bucket: Bucket | undefined;
  readonly fired: TriggerState | undefined;
  readonly value: number | undefined;
}

const DAY_SECONDS = 86_400;
/** Nobody sweeps up what has not ended; what is measured no more does end. */
const KEPT_SECONDS = 7 * DAY_SECONDS;

/**
 * What a measurement does to a trigger. Its bucket says how things are: a count of 1 for triggered, and where they are
 * about to change, since when they have been otherwise as its start and as 2 (triggered) or 0. No bucket: resolved.
 */
export function applyMeasurement(
  { threshold, operator, firing_for }: MetricQuery,
  bucket: Bucket | undefined,
  { now, value }: { readonly now: Timestamp; readonly value: number | undefined },
): Measured {
  const isTriggered = bucket !== undefined && bucket.count > 0;
  if (value === undefined || breaches(value, operator, threshold) === isTriggered) {
    return { bucket: isTriggered ? kept({ ...bucket, count: 1 }, now) : undefined, fired: undefined, value };
  }
  const isChanging = bucket?.count === 0 || bucket?.count === 2;
  const changing = isChanging ? kept(bucket, now) : newBucket(now, isTriggered ? 2 : 0);
  if (secondsBetween(changing.start, now) < firing_for) return { bucket: changing, fired: undefined, value };
  return isTriggered
    ? { bucket: undefined, fired: "Resolved", value }
    : { bucket: newBucket(now, 1), fired: "Triggered", value };
}

function newBucket(start: Timestamp, count: number): Bucket {
  return { start, end: addSeconds(start, KEPT_SECONDS), count, lastEvent: null };
}

/** Written anew once a day only. */
function kept(bucket: Bucket, now: Timestamp): Bucket {
  const isFresh = secondsBetween(now, bucket.end) > KEPT_SECONDS - DAY_SECONDS;
  return isFresh ? bucket : { ...bucket, end: addSeconds(now, KEPT_SECONDS) };
}

function breaches(value: number, operator: MetricQuery["operator"], threshold: number): boolean {
  switch (operator) {
    case "<":
      return value < threshold;
    case "<=":
      return value <= threshold;
    case ">":
      return value > threshold;
    case ">=":
      return value >= threshold;
  }
}
