/** One rule, its parts as RFC 5545 writes them. */
export interface RuleParts {
  readonly FREQ: string;
  readonly [name: string]: string;
}

/** What an iCalendar text says. Times are wall clock times, `YYYYMMDDTHHMMSS`: zones in the text count for nothing. */
export interface RRuleText {
  readonly dtstart: string | undefined;
  readonly rules: readonly RuleParts[];
  readonly excludedRules: readonly RuleParts[];
  readonly dates: readonly string[];
  readonly excludedDates: readonly string[];
}

/** About a year's worth of dates. */
const MAX_LENGTH = 6500;
const FREQUENCIES = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"];
const NUMBERS = ["INTERVAL", "COUNT"];
const NUMBER_LISTS = ["BYSETPOS", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYHOUR", "BYMINUTE", "BYSECOND"];
const WEEKDAY = /^(?:MO|TU|WE|TH|FR|SA|SU)$/;
const NUMBER = /^[+-]?\d+$/;

/** What to say of a text in a request; undefined where it is fine. */
export function checkRRule(text: string): string | undefined {
  try {
    parseRRule(text);
  } catch (error) {
    if (error instanceof InvalidRRule) return `Invalid RRule string "${text}": ${error.message}`;
    throw error;
  }
  if (text.length <= MAX_LENGTH) return undefined;
  return `Invalid RRule string "${text.slice(0, 40)}..."\nMax length is ${MAX_LENGTH}, got ${text.length}`;
}

/** Thrown for text that is no rule; the message says why, in the words clients know. */
export class InvalidRRule extends Error {}

/** Reads what dateutil's `rrulestr` reads, but for BYEASTER. @throws InvalidRRule */
export function parseRRule(text: string): RRuleText {
  const upper = text.toUpperCase();
  const lines = upper.split(/\s+/).filter((line) => line !== "");
  if (lines.length === 0) throw new InvalidRRule("empty string");
  const found = {
    dtstart: undefined as string | undefined,
    rules: [],
    excludedRules: [],
    dates: [],
    excludedDates: [],
  };
  for (const line of lines) readLine(line, found);
  checkZones(found, lines);
  if (found.rules.length === 0 && found.dates.length === 0) throw new InvalidRRule("no rule and no dates");
  return found;
}

/** UNTIL has a zone where DTSTART has one, and none where it has none. */
function checkZones(found: Found, lines: readonly string[]): void {
  const isZoned = lines.some((line) => /^DTSTART(?:;.*TZID=.*:|:.*(?:Z|[+-]\d{2}:?\d{2})$)/.test(line));
  const untils = lines.flatMap((line) => /[;:]UNTIL=([^;]*)|^UNTIL=([^;]*)/.exec(line)?.slice(1) ?? []);
  // Without a DTSTART there is nothing to differ from.
  if (found.dtstart === undefined) return;
  const differs = untils.some((until) => until !== undefined && /Z$|[+-]\d{2}:?\d{2}$/.test(until) !== isZoned);
  if (differs && found.rules.length > 0) {
    throw new InvalidRRule("RRULE UNTIL values must be specified in UTC when DTSTART is timezone-aware");
  }
}

interface Found {
  dtstart: string | undefined;
  readonly rules: RuleParts[];
  readonly excludedRules: RuleParts[];
  readonly dates: string[];
  readonly excludedDates: string[];
}

function readLine(line: string, found: Found): void {
  const colon = line.indexOf(":");
  const [name = "", ...parameters] = colon === -1 ? ["RRULE"] : line.slice(0, colon).split(";");
  const value = line.slice(colon + 1);
  switch (name) {
    case "RRULE":
      if (parameters.length > 0) throw new InvalidRRule(`unsupported RRULE parm: ${parameters[0]}`);
      found.rules.push(readRule(value));
      return;
    case "EXRULE":
      if (parameters.length > 0) throw new InvalidRRule(`unsupported EXRULE parm: ${parameters[0]}`);
      found.excludedRules.push(readRule(value));
      return;
    case "RDATE":
      found.dates.push(...value.split(",").map(readDate));
      return;
    case "EXDATE":
      found.excludedDates.push(...value.split(",").map(readDate));
      return;
    case "DTSTART":
      if (value.includes(",")) throw new InvalidRRule(`Multiple DTSTART values specified:${value}`);
      found.dtstart = readDate(value);
      return;
    default:
      throw new InvalidRRule(`unsupported property: ${name}`);
  }
}

function readRule(value: string): RuleParts {
  const parts: Record<string, string> = {};
  for (const pair of value.split(";")) {
    const [name = "", text, ...more] = pair.split("=");
    if (text === undefined) throw new InvalidRRule("not enough values to unpack (expected 2, got 1)");
    if (more.length > 0) throw new InvalidRRule("too many values to unpack (expected 2)");
    const [key, read] = readPart(name, text);
    parts[key] = read;
  }
  const { FREQ } = parts;
  if (FREQ === undefined) throw new InvalidRRule("a rule needs FREQ");
  return { ...parts, FREQ };
}

function readPart(name: string, text: string): readonly [name: string, text: string] {
  const invalid = new InvalidRRule(`invalid '${name}': ${text}`);
  const check = (isFine: boolean) => {
    if (!isFine) throw invalid;
  };
  if (name === "FREQ") check(FREQUENCIES.includes(text));
  else if (name === "WKST") check(WEEKDAY.test(text));
  else if (name === "UNTIL") return [name, readUntil(text, invalid)];
  else if (name === "BYDAY" || name === "BYWEEKDAY") return ["BYDAY", readWeekdays(text, invalid)];
  else if (NUMBERS.includes(name)) check(NUMBER.test(text) && Number(text) > 0);
  else if (NUMBER_LISTS.includes(name)) check(text.split(",").every((each) => NUMBER.test(each)));
  else throw new InvalidRRule(`unknown parameter '${name}'`);
  return [name, text];
}

/** `MO`, `+1MO` or `MO(+1)`. */
function readWeekdays(text: string, invalid: InvalidRRule): string {
  const days = text.split(",").map((day) => {
    const match = /^([+-]?\d+)?([A-Z]{2})(?:\(([+-]?\d+)\))?$/.exec(day);
    if (!match || !WEEKDAY.test(match[2] ?? "")) throw invalid;
    return `${match[3] ?? match[1] ?? ""}${match[2]}`;
  });
  return days.join(",");
}

function readUntil(text: string, invalid: InvalidRRule): string {
  try {
    return readDate(text);
  } catch {
    throw invalid;
  }
}

const DATE = /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ]?(\d{2}):?(\d{2})(?::?(\d{2}))?(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/;

function readDate(text: string): string {
  const [, year = "", month = "", day = "", hour = "00", minute = "00", second = "00"] = DATE.exec(text) ?? [];
  if (Number.isNaN(Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`))) {
    throw new InvalidRRule(`Unknown string format: ${text}`);
  }
  return `${year}${month}${day}T${hour}${minute}${second}`;
}
