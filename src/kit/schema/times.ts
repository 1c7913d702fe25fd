import { toNumber } from "../json.ts";
import type { Timestamp } from "../timestamp.ts";
import { defineSchema, type Failure, fail, type JsonSchemaNode, type Schema } from "./core.ts";
import { durationFromNumber, durationFromText } from "./read-duration.ts";
import { timestampFromNumber, timestampFromText } from "./read-timestamp.ts";
import { notUnicode } from "./text.ts";

/** A point in time, given back in the wire form (UTC, microseconds). */
export function dateTime(): Schema<Timestamp> {
  return defineSchema({
    label: "function-wrap[_validate()]",
    jsonSchema: { type: "string", format: "date-time" },
    isExact: () => false,
    run(input) {
      if (typeof input === "string") return timestampFromText(input) ?? unreadable(input);
      const value = toNumber(input);
      const timestamp = value === undefined ? undefined : timestampFromNumber(value);
      return timestamp ?? fail("value_error", "value is not a valid datetime", { input });
    },
  });
}

/** The same values, refused in the words of pydantic's own datetime. */
export function plainDateTime(): Schema<Timestamp> {
  const lenient = dateTime();
  const run = (input: unknown) => {
    if (typeof input !== "string" && toNumber(input) === undefined)
      return fail("datetime_type", "Input should be a valid datetime", { input });
    const value = lenient.run(input);
    if (typeof value === "string" && (typeof input !== "string" || couldBeTime(input))) return value;
    const error = typeof input === "string" ? dateError(input) : TOO_LATE;
    if (typeof input !== "string")
      return fail("datetime_parsing", `Input should be a valid datetime, ${error}`, { input, ctx: { error } });
    const msg = `Input should be a valid datetime or date, ${error}`;
    return fail("datetime_from_date_parsing", msg, { input: input.toWellFormed(), ctx: { error } });
  };
  return defineSchema({ label: "datetime", jsonSchema: lenient.jsonSchema, isExact: () => false, run });
}

const TOO_LATE = "dates after 9999 are not supported as unix timestamps";

function couldBeTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\d(?:[Tt _]\d\d:\d\d|$)|^[+-]?\d+(?:\.\d*)?$/.test(text);
}

/** What a date's reader stumbles over first. */
function dateError(text: string): string {
  const [year, month, day] = [text.slice(0, 4), text.slice(5, 7), text.slice(8, 10)];
  const separator = "invalid date separator, expected `-`";
  if (/^[+-]?\d+(?:\.\d*)?$/.test(text)) return TOO_LATE;
  if (text.length < "2030-01-01".length) return "input is too short";
  if (!/^\d{4}/.test(year)) return "invalid character in year";
  if (text[4] !== "-") return separator;
  if (!/^\d\d/.test(month)) return "invalid character in month";
  if (text[7] !== "-") return separator;
  if (!/^\d\d/.test(day)) return "invalid character in day";
  if (Number(month) < 1 || Number(month) > 12) return "month value is outside expected range of 1-12";
  if (Number.isNaN(Date.parse(`${year}-${month}-${day}`)) || Number(day) > daysIn(Number(year), Number(month)))
    return "day value is outside expected range";
  return "unexpected extra characters at the end of the input";
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** What FastAPI documents for a duration in a request, and for one in a response. */
export const DURATION_INPUT: JsonSchemaNode = { anyOf: [{ type: "number" }, { type: "string", format: "duration" }] };

/** A length of time as seconds with a fraction; reads numbers (seconds) and ISO 8601 text. */
export function duration(node: JsonSchemaNode = DURATION_INPUT): Schema<number> {
  return defineSchema({ label: "timedelta", jsonSchema: node, isExact: () => false, run: readDuration });
}

/** The same, but no negative one. */
export function positiveDuration(node: JsonSchemaNode = DURATION_INPUT): Schema<number> {
  const run = (input: unknown) => {
    const seconds = readDuration(input);
    if (typeof seconds !== "number" || seconds >= 0) return seconds;
    const msg = "Input should be greater than or equal to 0 seconds";
    return fail("greater_than_equal", msg, { input, ctx: { ge: "0 seconds" } });
  };
  return defineSchema({ label: "timedelta", jsonSchema: node, isExact: () => false, run });
}

function readDuration(input: unknown): number | Failure {
  if (typeof input === "string" && !input.isWellFormed()) return notUnicode(input);
  const given = typeof input === "boolean" ? Number(input) : (toNumber(input) ?? input);
  if (typeof given !== "number" && typeof given !== "string") {
    return fail("time_delta_type", "Input should be a valid timedelta", { input });
  }
  const reading = typeof given === "number" ? durationFromNumber(given) : durationFromText(given);
  if ("seconds" in reading) return reading.seconds;
  return fail("time_delta_parsing", `Input should be a valid timedelta, ${reading.error}`, {
    input,
    ctx: { error: reading.error },
  });
}

function unreadable(input: string): Failure {
  const shown = input.toWellFormed();
  return fail("value_error", `Value error, Unable to parse string [${shown}]`, { input: shown, ctx: { error: {} } });
}
