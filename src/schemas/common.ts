import { toNumber } from "../kit/json.ts";
import * as s from "../kit/schema/schema.ts";

/** A field that is null when absent. */
export function orNull<T>(schema: s.Schema<T>) {
  return s.defaulted(s.nullable(schema), null);
}

/** A field that may be null or absent; absent stays absent. */
export function orAbsent<T>(schema: s.Schema<T>) {
  return s.optional(s.nullable(schema));
}

/** Characters that no name of a flow, work pool, queue, block type or limit may have. */
export const NAME_PATTERN = "^[^/%&><]+$";

/** A free object or null, documented twice over as the reference has it. */
export const openObject = s.documented(s.nullable(s.record(s.json())), { keywords: { additionalProperties: true } });

/** The fields every stored object has. */
export const storedFields = {
  id: s.uuid(),
  created: s.nullable(s.dateTime()),
  updated: s.nullable(s.dateTime()),
} as const;

const label = s.union([
  s.boolean({ strict: true }),
  s.integer({ strict: true }),
  s.number({ strict: true }),
  s.string(),
]);

/** Labels of a run, flow or deployment, numbers kept as written; null reads as none. */
export function labels() {
  return s.preprocess(s.record(s.asGiven(label)), (input) => input ?? {});
}

/** Labels that default to none but may be null. */
export function labelsOrNull() {
  return s.defaulted(s.nullable(labels()), () => ({}));
}

/** A run's name. Whatever is nothing to Python (null, 0, false, "", [], {}) reads as "": the server then makes one up. */
export function runName(): s.Schema<string> {
  return s.preprocess(s.string(), (input) => (isNothing(input) ? "" : input));
}

/** Whether Python takes the value for false. */
export function isNothing(input: unknown): boolean {
  if (typeof input !== "object" || input === null) return !input;
  return toNumber(input) === undefined ? Object.keys(input).length === 0 : toNumber(input) === 0;
}

/** Text of lower-case letters, digits and dashes; `what` begins the error message. */
export function dashedName(what: string, schema: s.Schema<string> = s.string()): s.Schema<string> {
  const allowed = /^[a-z0-9-]*$/;
  const message = `${what} must only contain lowercase letters, numbers, and dashes.`;
  return s.refine(schema, (value) => (allowed.test(value.replace(/\n$/, "")) ? undefined : message));
}
