import { addSeconds, type Timestamp, timestampFromMs } from "../timestamp.ts";

const MINUTES_PER_DAY = 1440;
/** Numbers above this count milliseconds, as pydantic has it. */
const LARGEST_SECONDS = 2e10;
const YEAR_1_SECONDS = -62_135_596_800;
const YEAR_10000_SECONDS = 253_402_300_800;

const WIRE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z$/;
const TIME = String.raw`(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9})\d*)?)?`;
const ZONE = String.raw`(?:([zZ])|([+-])(\d\d):?(\d\d)?)?`;
const CALENDAR = new RegExp(`^(\\d{4})-?(\\d\\d)(?:-?(\\d\\d)(?:[Tt _]${TIME}${ZONE})?)?$`);
const ORDINAL = /^(\d{4})-?(\d{3})$/;
const WEEK = /^(\d{4})-?W(\d\d)(?:-?([1-7]))?$/;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

/** Reads what the reference reads as a time: ISO 8601 in its common forms, a date, or unix seconds as text. No zone means UTC. */
export function timestampFromText(text: string): Timestamp | undefined {
  // Python writes UTC as +00:00.
  const wire = text.endsWith("+00:00") ? `${text.slice(0, -6)}Z` : text;
  if (WIRE.test(wire) && isPlainlyValid(wire)) return wire.endsWith(".000000Z") ? `${wire.slice(0, 19)}Z` : wire;
  // Eight digits are a compact date to the reference only after they failed as unix seconds, which they never do.
  if (NUMBER.test(text)) return timestampFromNumber(Number(text));
  const calendar = CALENDAR.exec(text);
  if (calendar !== null) return fromCalendar(calendar);
  const ordinal = ORDINAL.exec(text);
  if (ordinal !== null) return fromOrdinal(Number(ordinal[1]), Number(ordinal[2]));
  const week = WEEK.exec(text);
  return week === null ? undefined : fromWeek(Number(week[1]), Number(week[2]), Number(week[3] ?? 1));
}

/** Unix seconds, or milliseconds beyond 2e10, either sign; undefined outside the years 1 to 9999. */
export function timestampFromNumber(value: number): Timestamp | undefined {
  const seconds = Math.abs(value) > LARGEST_SECONDS ? value / 1000 : value;
  return isInRange(seconds) ? timestampFromMs(seconds * 1000) : undefined;
}

/** Enough for nearly all wire text; days 29 to 31 take the long way round. */
function isPlainlyValid(text: string): boolean {
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  if (month < 1 || month > 12 || day < 1 || day > 28) return false;
  if (text.startsWith("0000")) return false;
  return Number(text.slice(11, 13)) < 24 && Number(text.slice(14, 16)) < 60 && Number(text.slice(17, 19)) < 60;
}

function fromCalendar(parts: RegExpExecArray): Timestamp | undefined {
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 1)];
  const [hour, minute, second] = [Number(parts[4] ?? 0), Number(parts[5] ?? 0), Number(parts[6] ?? 0)];
  if (!isCalendarDay(year, month, day) || hour > 23 || minute > 59 || second > 59) return undefined;
  const offsetMinutes = readOffset(parts);
  if (offsetMinutes === undefined) return undefined;
  const seconds = daySeconds(year, month, day) + hour * 3600 + minute * 60 + second - offsetMinutes * 60;
  if (!isInRange(seconds)) return undefined;
  const micros = Number((parts[7] ?? "").slice(0, 6).padEnd(6, "0"));
  return addSeconds(timestampFromMs(seconds * 1000), micros / 1e6);
}

function readOffset(parts: RegExpExecArray): number | undefined {
  if (parts[9] === undefined) return 0;
  const minutes = Number(parts[10]) * 60 + Number(parts[11] ?? 0);
  if (Number(parts[11] ?? 0) > 59) return undefined;
  return parts[9] === "-" ? -minutes : minutes;
}

function fromOrdinal(year: number, dayOfYear: number): Timestamp | undefined {
  const days = isCalendarDay(year, 2, 29) ? 366 : 365;
  if (year < 1 || dayOfYear < 1 || dayOfYear > days) return undefined;
  return fromDay(daySeconds(year, 1, 1) + (dayOfYear - 1) * MINUTES_PER_DAY * 60);
}

function fromWeek(year: number, week: number, weekday: number): Timestamp | undefined {
  if (year < 1 || week < 1 || week > 53) return undefined;
  // 4 January is always in week 1; days count from Monday.
  const fourth = daySeconds(year, 1, 4);
  const weekdayOfFourth = (new Date(fourth * 1000).getUTCDay() + 6) % 7;
  return fromDay(fourth + ((week - 1) * 7 + weekday - 1 - weekdayOfFourth) * MINUTES_PER_DAY * 60);
}

function fromDay(seconds: number): Timestamp | undefined {
  return isInRange(seconds) ? timestampFromMs(seconds * 1000) : undefined;
}

function isCalendarDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const date = new Date(daySeconds(year, month, day) * 1000);
  return date.getUTCMonth() === month - 1;
}

/** Seconds since 1970 at the start of a day. `Date.UTC` would read the years 0 to 99 as 1900 to 1999. */
function daySeconds(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day) / 1000;
}

function isInRange(seconds: number): boolean {
  return seconds >= YEAR_1_SECONDS && seconds < YEAR_10000_SECONDS;
}
