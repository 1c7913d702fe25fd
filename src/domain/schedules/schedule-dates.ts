import { type Timestamp, timestampFromMs, timestampToMs } from "../../kit/timestamp.ts";
import { parseCron } from "../../schemas/cron-expression.ts";
import { parseRRule } from "../../schemas/rrule-text.ts";
import type { ScheduleOutput } from "../../schemas/schedule.ts";
import { cronTimes } from "./cron.ts";
import { intervalTimes } from "./interval.ts";
import { rruleTimes, type Stretch } from "./rrule.ts";
import { type Micros, offsetAt, wallAt } from "./zone.ts";

/** Most times looked at for one answer. */
const MAX_CANDIDATES = 1000;

/** One time of a schedule. */
export interface ScheduledDate {
  readonly at: Timestamp;
  /** In the schedule's zone, as Python prints it: `2026-11-23 09:00:00-05:00`. Part of idempotency keys. */
  readonly printed: string;
}

export interface DateRange {
  /** Included. */
  readonly start: Timestamp;
  /** Included. */
  readonly end: Timestamp;
  readonly maxCount: number;
}

/** The times of a stored schedule in a range, each once, in their order. */
export function* scheduleDates(schedule: ScheduleOutput, range: DateRange): Generator<ScheduledDate> {
  const [start, end] = [toMicros(range.start), toMicros(range.end)];
  const timezone = schedule.timezone || "UTC";
  const seen = new Set<Micros>();
  let candidates = 0;
  for (const instant of candidatesOf(schedule, { start, end, timezone })) {
    if (instant > end || ++candidates > MAX_CANDIDATES + 2) return;
    if (instant < start || seen.has(instant)) continue;
    seen.add(instant);
    yield { at: fromMicros(instant), printed: print(instant, timezone) };
    if (seen.size >= range.maxCount) return;
  }
}

function candidatesOf(schedule: ScheduleOutput, stretch: Stretch): Iterable<Micros> {
  const { start, timezone } = stretch;
  if ("interval" in schedule) {
    const step = Math.max(1, Math.round(schedule.interval * 1_000_000));
    return intervalTimes({ step, anchor: toMicros(schedule.anchor_date), timezone }, start);
  }
  if ("rrule" in schedule) return rruleTimes(parseRRule(schedule.rrule), stretch);
  const cron = parseCron(schedule.cron);
  return cron === undefined ? [] : cronTimes(cron, { start, timezone, dayOr: schedule.day_or });
}

const toMicros = (timestamp: Timestamp): Micros => Math.round(timestampToMs(timestamp) * 1000);
const fromMicros = (instant: Micros): Timestamp => timestampFromMs(instant / 1000);

function print(instant: Micros, timezone: string): string {
  const wall = fromMicros(wallAt(instant, timezone)).slice(0, -1).replace("T", " ");
  const minutes = Math.trunc(offsetAt(instant, timezone) / 60_000_000);
  const pad = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${wall}${minutes < 0 ? "-" : "+"}${pad(size / 60)}:${pad(size % 60)}`;
}
