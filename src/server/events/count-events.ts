import { countEventsByTime, tallyEvents } from "../../db/repositories/event-queries.ts";
import { bucketSeconds, countBuckets, listBuckets, MAX_BUCKETS } from "../../domain/events/event-buckets.ts";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { Countable, EventCount, TimeUnit } from "../../schemas/event.ts";
import type { EventFilter } from "../../schemas/filters/event-filter.ts";
import type { ServerContext } from "../context.ts";
import { TooManyBuckets } from "../errors.ts";
import { type BoundedEventFilter, boundEventFilter } from "./query-events.ts";

interface CountRequest {
  readonly filter: EventFilter;
  readonly time_unit: TimeUnit;
  /** How many units make one bucket. */
  readonly time_interval: number;
}

/**
 * Counts events by day, by stretch of time (empty ones included), by kind or by resource.
 * @throws TooManyBuckets when the range has too many stretches of that length, whatever is counted
 */
export async function countEventsBy(
  ctx: ServerContext,
  countable: Countable,
  { filter, time_unit, time_interval }: CountRequest,
): Promise<readonly EventCount[]> {
  const now = ctx.clock.now();
  const bounded = boundEventFilter(filter, now);
  const buckets = countBuckets(bounded.occurred, bucketSeconds(time_unit, time_interval));
  if (buckets > MAX_BUCKETS) throw TooManyBuckets(buckets, MAX_BUCKETS);
  switch (countable) {
    case "event":
    case "resource":
      return tallyEvents(ctx.db.read, countable, bounded);
    case "day":
      return countByTime(ctx, bounded, { unit: "day", interval: 1, now });
    case "time":
      return countByTime(ctx, bounded, { unit: time_unit, interval: time_interval, now });
  }
}

async function countByTime(
  ctx: ServerContext,
  filter: BoundedEventFilter,
  by: { readonly unit: TimeUnit; readonly interval: number; readonly now: Timestamp },
): Promise<readonly EventCount[]> {
  const seconds = bucketSeconds(by.unit, by.interval);
  const buckets = listBuckets(filter.occurred, { unit: by.unit, lengthSeconds: seconds }, by.now);
  const counts = await countEventsByTime(ctx.db.read, buckets, filter);
  return buckets.map(({ start, end }, place) => ({
    value: String(place),
    label: start.replace("Z", "+00:00"),
    count: counts[place] ?? 0,
    start_time: start,
    end_time: end,
  }));
}
