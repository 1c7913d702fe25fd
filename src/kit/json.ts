/** A JSON value. Numbers JavaScript cannot hold exactly are kept as raw text (see `parseJson`). */
export type Json = unknown;

// Numbers whose text JavaScript may change: 16 digits or more, `1.0`, exponents. Looks at nothing but whole numbers, so
// that the ids and times in strings do not send a text down the slow path.
const LOSSY = /(?:^|[\s,:[])-?(?:[\d.]{16,}|\d+\.\d*0|[\d.]+[eE][-+\d]+)(?=[\s,\]}]|$)/;

interface ReviverContext {
  readonly source?: string;
}
interface RawJson {
  readonly rawJSON: string;
}
interface JsonWithRaw {
  parse(text: string, reviver?: (key: string, value: unknown, context: ReviverContext) => unknown): unknown;
  rawJSON(text: string): RawJson;
  isRawJSON(value: unknown): value is RawJson;
}

const json = JSON as unknown as JsonWithRaw;

function keepExactNumbers(_key: string, value: unknown, context: ReviverContext): unknown {
  if (typeof value !== "number" || context.source === undefined) return value;
  return String(value) === context.source ? value : json.rawJSON(context.source);
}

/**
 * Like `JSON.parse`, but a number that JavaScript would write differently (an integer beyond 2^53, `1.0`) stays as it
 * was: `JSON.stringify` gives its text back. Read such a number with `toNumber`.
 */
export function parseJson(text: string): Json {
  return LOSSY.test(text) ? json.parse(text, keepExactNumbers) : json.parse(text);
}

/** The number behind a value of `parseJson`, or undefined when it is not a number. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return json.isRawJSON(value) ? Number(value.rawJSON) : undefined;
}

/** The source text of a number that was kept exactly, or undefined. */
export function rawNumberText(value: unknown): string | undefined {
  return json.isRawJSON(value) ? value.rawJSON : undefined;
}
