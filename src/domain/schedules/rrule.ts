import { RRuleTemporal } from "rrule-temporal";
import { Temporal } from "temporal-polyfill";
import type { RRuleText, RuleParts } from "../../schemas/rrule-text.ts";
import { instantOf, type Micros, wallAt } from "./zone.ts";

/** The DTSTART of rules that name none. */
const DEFAULT_START = "20200101T000000";
/** More than clocks are ever put back. */
const MARGIN = 3 * 3_600_000_000;

/** Occurrences that a rule may be counted through; one that needs more is taken as exhausted. */
const MAX_ITERATIONS = 50_000;
/** Times looked at for one answer; rules may take out all that others put in. */
const MAX_CANDIDATES = 20_000;

export interface Stretch {
  /** Included. */
  readonly start: Micros;
  /** Included. */
  readonly end: Micros;
  readonly timezone: string;
}

/**
 * The instants of iCalendar rules in a stretch of time. Rules are reckoned on the wall clock of the zone; times that a
 * change of the clocks skips come by the length of the gap earlier, as dateutil has it.
 */
export function* rruleTimes(text: RRuleText, { start, end, timezone }: Stretch): Generator<Micros> {
  const dtstart = text.dtstart ?? DEFAULT_START;
  const margin = timezone === "UTC" ? 0 : MARGIN;
  const [since, until] = [wallAt(start, timezone) - margin, wallAt(end, timezone) + margin];
  const included = text.rules.map((rule) => ruleTimes(rule, dtstart, since));
  const dates = text.dates.map(readWall).sort((a, b) => a - b);
  const excluded = new Excluded(text, dtstart, since);
  let last: Micros | undefined;
  let candidates = 0;
  for (const wall of merge([...included, dates.values()])) {
    if (wall > until || ++candidates > MAX_CANDIDATES) return;
    if (wall === last || excluded.has(wall)) continue;
    last = wall;
    const instant = instantOf(wall, timezone, "earlier");
    if (instant >= start) yield instant;
  }
}

/** Wall times of one rule, from `since` on. */
function* ruleTimes(rule: RuleParts, dtstart: string, since: Micros): Generator<Micros> {
  const parts = Object.entries(withoutVastCount(rule, dtstart, since)).map(
    ([name, value]) => `${name}=${name === "UNTIL" ? `${value}Z` : value}`,
  );
  const rruleString = `DTSTART:${dtstart}Z\nRRULE:${parts.join(";")}`;
  const schedule = new RRuleTemporal({ rruleString, temporal: Temporal, maxIterations: MAX_ITERATIONS });
  const from = Temporal.Instant.fromEpochMilliseconds(Math.floor(since / 1000)).toZonedDateTimeISO("UTC");
  for (let next = nextOf(schedule, from, true); next; next = nextOf(schedule, next, false)) {
    yield next.epochMilliseconds * 1000;
  }
}

type Rule = RRuleTemporal<Temporal.ZonedDateTime>;

/** A rule that never comes true, or steps beyond the calendar, throws once it has been looked for long enough. */
function nextOf(rule: Rule, after: Temporal.ZonedDateTime, isIncluded: boolean): Temporal.ZonedDateTime | null {
  try {
    return rule.next(after, isIncluded) as Temporal.ZonedDateTime | null;
  } catch {
    return null;
  }
}

const PERIOD_SECONDS: Readonly<Record<string, number>> = { SECONDLY: 1, MINUTELY: 60, HOURLY: 3600 };

/** Leaves out a COUNT that cannot be reached within two centuries: counting that far would take minutes. */
function withoutVastCount(rule: RuleParts, dtstart: string, since: Micros): RuleParts {
  const { COUNT, ...rest } = rule;
  const times = ["BYHOUR", "BYMINUTE", "BYSECOND"].map((name) => rule[name]?.split(",").length ?? 1);
  const seconds = (since - readWall(dtstart)) / 1_000_000 + 200 * 366 * 86_400;
  const most = (seconds / (PERIOD_SECONDS[rule.FREQ] ?? 86_400)) * times.reduce((product, each) => product * each, 1);
  return COUNT !== undefined && Number(COUNT) > most ? (rest as RuleParts) : rule;
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
