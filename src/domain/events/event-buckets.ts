import { addSeconds, compareTimestamps, secondsBetween, type Timestamp } from "../../kit/timestamp.ts";

export type BucketUnit = "week" | "day" | "hour" | "minute" | "second";

/** The Monday on which the first bucket begins; all others follow without a gap. */
export const BUCKETS_BEGIN: Timestamp = "2024-04-01T00:00:00Z";
export const MAX_BUCKETS = 1000;

const UNIT_SECONDS: Readonly<Record<BucketUnit, number>> = {
  week: 604_800,
  day: 86_400,
  hour: 3600,
  minute: 60,
  second: 1,
};
const MICROSECOND = 0.000_001;

/** A stretch of time; `end` is the last microsecond that belongs to it. */
export interface Bucket {
  /** Counted from `BUCKETS_BEGIN`. */
  readonly index: number;
  readonly start: Timestamp;
  readonly end: Timestamp;
}

/** Seconds in a bucket of so many units, to the microsecond. */
export function bucketSeconds(unit: BucketUnit, interval: number): number {
  return Math.round(UNIT_SECONDS[unit] * interval * 1_000_000) / 1_000_000;
}

/** How many buckets of that length a range takes at most. */
export function countBuckets(range: { since: Timestamp; until: Timestamp }, lengthSeconds: number): number {
  return Math.ceil(secondsBetween(range.since, range.until) / lengthSeconds);
}

/** The buckets from the one that `since` is in, to that of `until` or the end of the current unit if that is earlier. */
export function listBuckets(
  range: { readonly since: Timestamp; readonly until: Timestamp },
  size: { readonly unit: BucketUnit; readonly lengthSeconds: number },
  now: Timestamp,
): readonly Bucket[] {
  const end = compareTimestamps(range.until, now) > 0 ? endOf(size.unit, now) : range.until;
  const first = Math.floor(secondsBetween(BUCKETS_BEGIN, range.since) / size.lengthSeconds);
  const buckets: Bucket[] = [];
  for (let index = first; ; index++) {
    const start = addSeconds(BUCKETS_BEGIN, index * size.lengthSeconds);
    if (compareTimestamps(start, end) >= 0) return buckets;
    const next = addSeconds(start, size.lengthSeconds);
    buckets.push({ index, start, end: addSeconds(next, -MICROSECOND) });
  }
}

/** The last microsecond of the unit that `now` is in; units are aligned on `BUCKETS_BEGIN`, a Monday. */
function endOf(unit: BucketUnit, now: Timestamp): Timestamp {
  const length = UNIT_SECONDS[unit];
  const begun = Math.floor(secondsBetween(BUCKETS_BEGIN, now) / length);
  return addSeconds(BUCKETS_BEGIN, (begun + 1) * length - MICROSECOND);
}
