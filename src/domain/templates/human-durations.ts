import { TemplateFailure } from "./values.ts";

const DAY = 86_400;
const YEAR_DAYS = 365;
const MONTH_DAYS = 30.5;
const MICROS = 1_000_000;

interface Delta {
  readonly days: number;
  /** Below a day. */
  readonly seconds: number;
  readonly micros: number;
}

function deltaOf(seconds: number): Delta {
  const whole = Math.floor(Math.abs(seconds));
  const micros = Math.round((Math.abs(seconds) - whole) * MICROS);
  const total = micros === MICROS ? whole + 1 : whole;
  return { days: Math.floor(total / DAY), seconds: total % DAY, micros: micros % MICROS };
}

/** Python's `round`: halves to the even number. */
function round(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value);
}

const counted = (count: number, unit: string) => `${count} ${unit}${count === 1 ? "" : "s"}`;

export interface DeltaStyle {
  readonly hasMonths: boolean;
  /** `seconds`, `milliseconds` or `microseconds`, in any case. */
  readonly minimumUnit: string;
}

/** A length of time in a few words, such as "3 hours". */
export function deltaWords(seconds: number, { hasMonths, minimumUnit }: DeltaStyle): string {
  const smallest = unitOf(minimumUnit);
  if (!["SECONDS", "MILLISECONDS", "MICROSECONDS"].includes(smallest)) {
    throw new TemplateFailure("ValueError", `Minimum unit '${minimumUnit}' not supported`);
  }
  const delta = deltaOf(seconds);
  const years = Math.floor(delta.days / YEAR_DAYS);
  const days = delta.days % YEAR_DAYS;
  if (delta.days === 0) return withinDay(delta, smallest);
  if (years === 0) return withinYear(days, hasMonths);
  if (years === 1) return pastYear(days, hasMonths);
  const rounded = round(delta.days / YEAR_DAYS);
  return `${String(rounded).replaceAll(/\B(?=(?:\d{3})+$)/g, ",")} years`;
}

function withinDay({ seconds, micros }: Delta, smallest: string): string {
  if (seconds === 0) {
    if (smallest === "MICROSECONDS" && micros < 1000) return counted(micros, "microsecond");
    if (smallest !== "SECONDS") return counted(Math.trunc(micros / 1000), "millisecond");
    return "a moment";
  }
  if (seconds === 1) return "a second";
  if (seconds < 60) return counted(seconds, "second");
  const minutes = round(seconds / 60);
  if (seconds < 3600 && minutes < 60) return minutes === 1 ? "a minute" : counted(minutes, "minute");
  const hours = seconds < 3600 ? 1 : round(seconds / 3600);
  if (hours === 1) return "an hour";
  return hours === 24 ? "a day" : counted(hours, "hour");
}

function withinYear(days: number, hasMonths: boolean): string {
  const months = round(days / MONTH_DAYS);
  if (days === 1) return "a day";
  if (!hasMonths || months === 0) return counted(days, "day");
  if (months === 1) return "a month";
  return months === 12 ? "a year" : counted(months, "month");
}

function pastYear(days: number, hasMonths: boolean): string {
  const months = round(days / MONTH_DAYS);
  if (days === 0) return "a year";
  if (!hasMonths || months === 0) return `1 year, ${counted(days, "day")}`;
  return months === 12 ? "2 years" : `1 year, ${counted(months, "month")}`;
}

/** The same with where it lies: "3 hours ago". */
export function timeWords(seconds: number, style: DeltaStyle & { readonly isFuture: boolean }): string {
  const words = deltaWords(round(seconds), style);
  if (words === "a moment") return "now";
  return style.isFuture ? `${words} from now` : `${words} ago`;
}

const UNITS = ["MICROSECONDS", "MILLISECONDS", "SECONDS", "MINUTES", "HOURS", "DAYS", "MONTHS", "YEARS"];

function unitOf(name: string): string {
  const unit = name.toUpperCase();
  if (UNITS.includes(unit)) return unit;
  throw new TemplateFailure("KeyError", unit);
}

export interface PreciseStyle {
  readonly minimumUnit: string;
  readonly suppressed: readonly string[];
  /** Shows a count that is not whole. */
  readonly show: (count: number) => string;
}

/** A length of time to the smallest unit, such as "1 hour and 5 minutes". */
export function preciseDelta(seconds: number, style: PreciseStyle): string {
  const skipped = new Set(style.suppressed.map(unitOf));
  const minimum = suitable(unitOf(style.minimumUnit), skipped);
  for (const unit of UNITS.slice(0, UNITS.indexOf(minimum))) skipped.add(unit);
  const counts = promoted(countUnits(seconds, { minimum, skipped, show: style.show }), skipped);
  const texts: string[] = [];
  for (const unit of UNITS.toReversed()) {
    const count = counts.get(unit) ?? 0;
    if (count > 0 || (texts.length === 0 && unit === minimum)) {
      const word = unit.toLowerCase();
      const isOne = (count > 1 && count < 2 ? 2 : Math.trunc(count)) === 1;
      const shown = Number.isInteger(count) ? grouped(count, unit) : style.show(count);
      texts.push(`${shown} ${isOne ? word.slice(0, -1) : word}`);
    }
    if (unit === minimum) break;
  }
  const last = texts.pop() ?? "";
  return texts.length === 0 ? last : `${texts.join(", ")} and ${last}`;
}

function grouped(count: number, unit: string): string {
  return unit === "YEARS" ? String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ",") : String(count);
}

function suitable(unit: string, skipped: ReadonlySet<string>): string {
  const found = UNITS.slice(UNITS.indexOf(unit)).find((each) => !skipped.has(each));
  if (found !== undefined) return found;
  throw new TemplateFailure("ValueError", "Minimum unit is suppressed and no suitable replacement was found");
}

interface Counting {
  readonly minimum: string;
  readonly skipped: ReadonlySet<string>;
  readonly show: (count: number) => string;
}

function countUnits(seconds: number, { minimum, skipped, show }: Counting): Map<string, number> {
  const delta = deltaOf(seconds);
  const counts = new Map<string, number>();
  const take = (unit: string, value: number, size: number): number => {
    if (unit === minimum) {
      counts.set(unit, Number(show(value / size)));
      return 0;
    }
    if (skipped.has(unit)) return value;
    counts.set(unit, Math.floor(value / size));
    return Math.trunc(value - Math.floor(value / size) * size);
  };
  const days = take("MONTHS", take("YEARS", delta.days, YEAR_DAYS), MONTH_DAYS);
  const rest = take("MINUTES", take("HOURS", take("DAYS", days * DAY + delta.seconds, DAY), 3600), 60);
  const micros = take("MILLISECONDS", take("SECONDS", rest * MICROS + delta.micros, MICROS), 1000);
  counts.set("MICROSECONDS", micros);
  return counts;
}

const PROMOTIONS = [
  ["MILLISECONDS", 1000, "SECONDS"],
  ["SECONDS", 60, "MINUTES"],
  ["MINUTES", 60, "HOURS"],
  ["HOURS", 24, "DAYS"],
  ["DAYS", 31, "MONTHS"],
  ["MONTHS", 12, "YEARS"],
] as const;

/** What was rounded up to a whole unit of the next kind becomes one. */
function promoted(counts: Map<string, number>, skipped: ReadonlySet<string>): Map<string, number> {
  for (const [unit, size, next] of PROMOTIONS) {
    const count = counts.get(unit) ?? 0;
    if (count < size || skipped.has(next)) continue;
    counts.set(unit, count - size);
    counts.set(next, (counts.get(next) ?? 0) + 1);
  }
  return counts;
}
