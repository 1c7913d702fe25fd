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
