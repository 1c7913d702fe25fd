import { Temporal } from "temporal-polyfill";

const SECOND = 1_000_000;
const DAY = 86_400 * SECOND;

/**
 * Times are whole microseconds: an instant counts from 1970 UTC, a wall time is what a clock in the zone shows, counted
 * as if the zone were UTC.
 */
export type Micros = number;

/**
 * What a wall time means that a change of the clocks skips or repeats. Skipped: `earlier` and `later` by the length of
 * the gap, `compatible` is later. Repeated: `earlier` is the first, `later` the second, `compatible` the first.
 */
export type Disambiguation = "earlier" | "later" | "compatible";

/** How far the zone's clocks are ahead of UTC at this instant, in microseconds. */
export function offsetAt(instant: Micros, timezone: string): Micros {
  return timezone === "UTC" ? 0 : spanAt(instant, timezone).offset;
}

export function wallAt(instant: Micros, timezone: string): Micros {
  return instant + offsetAt(instant, timezone);
}

export function instantOf(wall: Micros, timezone: string, disambiguation: Disambiguation): Micros {
  if (timezone === "UTC") return wall;
  const [before, after] = [offsetAt(wall - DAY, timezone), offsetAt(wall + DAY, timezone)];
  if (before === after) return wall - before;
  const micros = ((wall % SECOND) + SECOND) % SECOND;
  const plain = zoned(wall - micros, "UTC").toPlainDateTime();
  return plain.toZonedDateTime(timezone, { disambiguation }).epochMilliseconds * 1000 + micros;
}

/** A change of a zone's clocks. */
export interface Transition {
  readonly at: Micros;
  /** How much later the clocks show from then on: positive where times are skipped, negative where they repeat. */
  readonly gap: Micros;
}

/** The last change of the zone's clocks before this instant, if it ever had one. */
export function transitionBefore(instant: Micros, timezone: string): Transition | undefined {
  return timezone === "UTC" ? undefined : spanAt(instant - 1, timezone).begin;
}

/** The next change of the zone's clocks after this instant, if there will be one. */
export function transitionAfter(instant: Micros, timezone: string): Transition | undefined {
  return timezone === "UTC" ? undefined : spanAt(instant, timezone).end;
}

/** The time between two changes of a zone's clocks: the first belongs to it. */
interface Span {
  readonly offset: Micros;
  readonly begin: Transition | undefined;
  readonly end: Transition | undefined;
}

/** The span last asked for of each zone: of the next thousand questions nearly all fall into it, and each costs dearly. */
const spans = new Map<string, Span>();

function spanAt(instant: Micros, timezone: string): Span {
  const known = spans.get(timezone);
  if (known && (known.begin?.at ?? -Infinity) <= instant && instant < (known.end?.at ?? Infinity)) return known;
  const at = zoned(instant, timezone);
  const span = {
    offset: at.offsetNanoseconds / 1000,
    begin: transition(at.add({ milliseconds: 1 }).getTimeZoneTransition("previous")),
    end: transition(at.getTimeZoneTransition("next")),
  };
  spans.set(timezone, span);
  return span;
}

function transition(zdt: Temporal.ZonedDateTime | null): Transition | undefined {
  if (zdt === null) return undefined;
  const before = zdt.subtract({ seconds: 1 }).offsetNanoseconds;
  return { at: zdt.epochMilliseconds * 1000, gap: (zdt.offsetNanoseconds - before) / 1000 };
}

function zoned(instant: Micros, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(instant / 1000)).toZonedDateTimeISO(timezone);
}
