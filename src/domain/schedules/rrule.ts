import { RRuleTemporal } from "rrule-temporal";
import { Temporal } from "temporal-polyfill";
import type { RRuleText, RuleParts } from "../../schemas/rrule-text.ts";
import { instantOf, type Micros, wallAt } from "./zone.ts";

/** The DTSTART of rules that name none. */
const DEFAULT_START = "20200101T000000";
const DAY = 86_400_000_000;

/**
 * The instants of iCalendar rules from `start` on, start included. Rules are reckoned on the wall clock of the zone;
 * times that a change of the clocks skips come by the length of the gap earlier, as dateutil has it.
 */
export function* rruleTimes(
  text: RRuleText,
  from: { readonly start: Micros; readonly timezone: string },
): Generator<Micros> {
  const { start, timezone } = from;
  const dtstart = text.dtstart ?? DEFAULT_START;
  // A day back, so that nothing is missed where clocks go back.
  const since = wallAt(start, timezone) - DAY;
  const included = text.rules.map((rule) => ruleTimes(rule, dtstart, since));
  const dates = text.dates.map(readWall).sort((a, b) => a - b);
  const excluded = new Excluded(text, dtstart, since);
  let last: Micros | undefined;
  for (const wall of merge([...included, dates.values()])) {
    if (wall === last || excluded.has(wall)) continue;
    last = wall;
    const instant = instantOf(wall, timezone, "earlier");
    if (instant >= start) yield instant;
  }
}

/** Wall times of one rule, from `since` on. */
function* ruleTimes(rule: RuleParts, dtstart: string, since: Micros): Generator<Micros> {
  const parts = Object.entries(rule).map(([name, value]) => `${name}=${name === "UNTIL" ? `${value}Z` : value}`);
  const schedule = new RRuleTemporal({
    rruleString: `DTSTART:${dtstart}Z\nRRULE:${parts.join(";")}`,
    temporal: Temporal,
  });
  let next = schedule.next(
    Temporal.Instant.fromEpochMilliseconds(Math.floor(since / 1000)).toZonedDateTimeISO("UTC"),
    true,
  );
  while (next !== null) {
    yield next.epochMilliseconds * 1000;
    next = schedule.next(next, false);
  }
}

/** The times taken out, read as far as they are asked for. */
class Excluded {
  readonly #times: Iterator<Micros>;
  readonly #dates: ReadonlySet<Micros>;
  #next: Micros | undefined;

  constructor(text: RRuleText, dtstart: string, since: Micros) {
    this.#dates = new Set(text.excludedDates.map(readWall));
    this.#times = merge(text.excludedRules.map((rule) => ruleTimes(rule, dtstart, since)));
    this.#next = this.#take();
  }

  /** `wall` must not be less than at the last call. */
  has(wall: Micros): boolean {
    while (this.#next !== undefined && this.#next < wall) this.#next = this.#take();
    return this.#next === wall || this.#dates.has(wall);
  }

  #take(): Micros | undefined {
    const { value, done } = this.#times.next();
    return done ? undefined : value;
  }
}

function* merge(sources: readonly Iterator<Micros>[]): Generator<Micros> {
  const heads = sources.map((source) => ({ source, next: source.next() }));
  for (;;) {
    const open = heads.filter(({ next }) => !next.done);
    const [first, ...others] = open;
    if (first === undefined) return;
    const least = others.reduce((best, each) => (each.next.value < best.next.value ? each : best), first);
    yield least.next.value;
    least.next = least.source.next();
  }
}

function readWall(text: string): Micros {
  const part = (from: number, to: number) => Number(text.slice(from, to));
  return Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(9, 11), part(11, 13), part(13, 15)) * 1000;
}
