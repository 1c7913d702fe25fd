import type { CronExpression, CronField } from "../../schemas/cron-expression.ts";
import { instantOf, type Micros, transitionBefore, wallAt } from "./zone.ts";

const SECOND = 1_000_000;
const MAX_YEARS = 50;

/** A wall clock without a zone, to step through: JavaScript's UTC dates in whole seconds. */
type Wall = Date;

/**
 * The instants of a cron expression from `start` on, start included, in a time zone. Times that a change of the clocks
 * skips come by the length of the gap later; repeated ones come once, the first time.
 */
export function* cronTimes(
  cron: CronExpression,
  from: { readonly start: Micros; readonly timezone: string; readonly dayOr: boolean },
): Generator<Micros> {
  const { start, timezone, dayOr } = from;
  const wall = wallAt(start, timezone);
  const isWhole = ((start % SECOND) + SECOND) % SECOND === 0;
  const change = transitionBefore(start + SECOND, timezone);
  const since = change === undefined ? 0 : start - change.at;
  let after = Math.floor(wall / SECOND) - (isWhole ? 1 : 0);
  if (change && since >= 0 && since < -change.gap) {
    after = Math.floor((wallAt(change.at, timezone) - change.gap) / SECOND) - 1;
  }
  const shifted: Micros[] = [];
  if (change && since >= 0 && since < change.gap) {
    const end = wallAt(change.at, timezone) / SECOND;
    for (const time of wallTimes(cron, after - change.gap / SECOND, dayOr)) {
      if (time >= end) break;
      shifted.push(instantOf(time * SECOND, timezone, "compatible"));
    }
  }
  for (const time of wallTimes(cron, after, dayOr)) {
    const instant = instantOf(time * SECOND, timezone, "compatible");
    while (shifted[0] !== undefined && shifted[0] <= instant) yield shifted.shift() as Micros;
    yield instant;
  }
}

/** Wall times after `after`, in seconds; ends where none comes within 50 years. */
function* wallTimes(cron: CronExpression, after: number, dayOr: boolean): Generator<number> {
  for (let time: number | undefined = after; ; ) {
    time = nextTime(cron, time, dayOr);
    if (time === undefined) return;
    yield time;
  }
}

const ANY: CronField = { any: true, values: [], last: false };

function nextTime(cron: CronExpression, after: number, dayOr: boolean): number | undefined {
  if (cron.day.any || cron.weekday.any || !dayOr) return search(cron, after);
  // Cron's own rule: a day fits when either the day of the month or the weekday does.
  const byDay = search({ ...cron, weekday: ANY }, after);
  const byWeekday = search({ ...cron, day: ANY }, after);
  if (byDay === undefined || byWeekday === undefined) return byDay ?? byWeekday;
  return Math.min(byDay, byWeekday);
}

/** Moves a clock forward field by field, from years down to seconds, until all fit. */
function search(cron: CronExpression, after: number): number | undefined {
  const date = new Date((after + (cron.second ? 1 : 60)) * 1000);
  const lastYear = date.getUTCFullYear() + MAX_YEARS;
  while (date.getUTCFullYear() <= lastYear) {
    const outcome = moveOnce(cron, date);
    if (outcome === "never") return undefined;
    if (outcome === "fits") {
      if (!cron.second) date.setUTCSeconds(0);
      return date.getTime() / 1000;
    }
  }
  return undefined;
}

function moveOnce(cron: CronExpression, date: Wall): "moved" | "fits" | "never" {
  if (cron.year && !cron.year.any) {
    const year = cron.year.values.find((value) => value >= date.getUTCFullYear());
    if (year === undefined) return "never";
    if (year !== date.getUTCFullYear()) return reset(date, () => date.setUTCFullYear(year, 0, 1), "day");
  }
  const months = distance(cron.month, date.getUTCMonth() + 1, 12);
  if (months > 0) return reset(date, () => date.setUTCMonth(date.getUTCMonth() + months, 1), "day");
  const days = daysToGo(cron, date);
  if (days > 0) return reset(date, () => date.setUTCDate(date.getUTCDate() + days), "day");
  const hours = distance(cron.hour, date.getUTCHours(), 24);
  if (hours > 0) return reset(date, () => date.setUTCHours(date.getUTCHours() + hours), "hour");
  const minutes = distance(cron.minute, date.getUTCMinutes(), 60);
  if (minutes > 0) return reset(date, () => date.setUTCMinutes(date.getUTCMinutes() + minutes), "minute");
  const seconds = cron.second ? distance(cron.second, date.getUTCSeconds(), 60) : 0;
  if (seconds > 0) return reset(date, () => date.setUTCSeconds(date.getUTCSeconds() + seconds), "second");
  return "fits";
}

function reset(date: Wall, move: () => void, unit: "day" | "hour" | "minute" | "second"): "moved" {
  move();
  if (unit === "day") date.setUTCHours(0, 0, 0);
  if (unit === "hour") date.setUTCMinutes(0, 0);
  if (unit === "minute") date.setUTCSeconds(0);
  return "moved";
}

/** How far it is to the next value of a field that goes round after `length`. */
function distance(field: CronField, from: number, length: number): number {
  if (field.any) return 0;
  const values = field.last ? [...field.values, length] : field.values;
  const next = values.find((value) => value >= from);
  return next === undefined ? (values[0] ?? 0) - from + length : next - from;
}

function daysToGo(cron: CronExpression, date: Wall): number {
  const length = daysInMonth(date);
  const days = distance(cron.day, date.getUTCDate(), length);
  if (days > 0) return days;
  if (cron.nthWeekdays.size === 0) return distance(cron.weekday, date.getUTCDay(), 7);
  const today = date.getUTCDate();
  const candidates = [...cron.nthWeekdays].flatMap(([weekday, counts]) => nthDays(date, weekday, counts));
  const ahead = candidates.filter((day) => day >= today);
  return ahead.length === 0 ? length - today + 1 : Math.min(...ahead) - today;
}

/** The days of the month that are the n-th of their weekday. */
function nthDays(date: Wall, weekday: number, counts: readonly (number | "l")[]): number[] {
  const first = 1 + ((weekday - (date.getUTCDay() - (date.getUTCDate() - 1)) + 35 + 7) % 7);
  const all: number[] = [];
  for (let day = first; day <= daysInMonth(date); day += 7) all.push(day);
  return counts.flatMap((count) => (count === "l" ? all.at(-1) : all[count - 1]) ?? []);
}

function daysInMonth(date: Wall): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}
