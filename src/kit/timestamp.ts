/**
 * Timestamps are strings in the wire form `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`: UTC, microseconds, the fraction left out
 * when it is zero. They stay strings from the wire to the database because a JavaScript `Date` drops microseconds.
 */
export type Timestamp = string;

const WIRE = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z$/;

/** Microseconds within the second, 0 to 999999. */
function fraction(timestamp: Timestamp): number {
  return timestamp.length <= 20 ? 0 : Number(timestamp.slice(20, -1).padEnd(6, "0"));
}

/** Whole seconds since 1970, rounded down. */
function epochSeconds(timestamp: Timestamp): number {
  return Date.parse(`${timestamp.slice(0, 19)}Z`) / 1000;
}

const FIRST = "0001-01-01T00:00:00Z";
const LAST = "9999-12-31T23:59:59.999999Z";
const FIRST_SECOND = Date.parse(FIRST) / 1000;
const END_SECOND = Date.parse(LAST) / 1000 + 0.001;

/** Builds a timestamp from whole seconds since 1970 and microseconds of any size and sign, within years 1 to 9999. */
function fromParts(seconds: number, microseconds: number): Timestamp {
  const carry = Math.floor(microseconds / 1_000_000);
  const rest = microseconds - carry * 1_000_000;
  const whole = seconds + carry;
  if (whole < FIRST_SECOND) return FIRST;
  if (whole >= END_SECOND) return LAST;
  const head = new Date(whole * 1000).toISOString().slice(0, 19);
  return rest === 0 ? `${head}Z` : `${head}.${String(rest).padStart(6, "0")}Z`;
}

/** `epochMs` may have a fraction (`performance.timeOrigin + performance.now()`), kept to the microsecond. */
export function timestampFromMs(epochMs: number): Timestamp {
  const seconds = Math.floor(epochMs / 1000);
  return fromParts(seconds, Math.round((epochMs - seconds * 1000) * 1000));
}

/** Milliseconds since 1970, with the microseconds as a fraction. */
export function timestampToMs(timestamp: Timestamp): number {
  return epochSeconds(timestamp) * 1000 + fraction(timestamp) / 1000;
}

/** Negative when `a` is earlier, 0 when equal, positive when later; exact to the microsecond. */
export function compareTimestamps(a: Timestamp, b: Timestamp): number {
  if (a === b) return 0;
  const headA = a.slice(0, 19);
  const headB = b.slice(0, 19);
  if (headA !== headB) return headA < headB ? -1 : 1;
  return fraction(a) - fraction(b);
}

/** `seconds` may be negative or fractional; exact to the microsecond, but never before year 1 or after 9999. */
export function addSeconds(timestamp: Timestamp, seconds: number): Timestamp {
  const whole = Math.floor(seconds);
  return fromParts(epochSeconds(timestamp) + whole, fraction(timestamp) + Math.round((seconds - whole) * 1_000_000));
}

/** `later - earlier` in seconds, exact to the microsecond. */
export function secondsBetween(earlier: Timestamp, later: Timestamp): number {
  const micros = (epochSeconds(later) - epochSeconds(earlier)) * 1_000_000 + fraction(later) - fraction(earlier);
  return micros / 1_000_000;
}

export function isTimestamp(text: string): text is Timestamp {
  return WIRE.test(text);
}

/** `YYYY-MM-DD HH:MM:SS.ffffff`, the text Prefect stores in SQLite; compares as text in time order. */
export function toSqliteTimestamp(timestamp: Timestamp): string {
  const micros = timestamp.length <= 20 ? "000000" : timestamp.slice(20, -1).padEnd(6, "0");
  return `${timestamp.slice(0, 10)} ${timestamp.slice(11, 19)}.${micros}`;
}

/** The reverse of `toSqliteTimestamp`; also reads PostgreSQL's `YYYY-MM-DD HH:MM:SS[.f{1,6}]+00`. */
export function fromDatabaseTimestamp(text: string): Timestamp {
  const head = `${text.slice(0, 10)}T${text.slice(11, 19)}`;
  const plus = text.indexOf("+", 19);
  const micros = text.slice(20, plus === -1 ? undefined : plus);
  return micros === "" || Number(micros) === 0 ? `${head}Z` : `${head}.${micros.padEnd(6, "0")}Z`;
}
