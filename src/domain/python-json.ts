import { pythonNumber } from "./python-number.ts";

/** A value of `parseJson` as Python's `json.dumps(value, sort_keys=True)` writes it, byte for byte: checksums depend on it. */
export function pythonJson(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "string") return quoted(value);
  const number = pythonNumber(value);
  if (number !== undefined) return number;
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(", ")}]`;
  const keys = Object.keys(value as object).toSorted(byCodePoint);
  const entries = keys.map((key) => `${quoted(key)}: ${pythonJson((value as Record<string, unknown>)[key])}`);
  return `{${entries.join(", ")}}`;
}

/** JavaScript's own order is that of UTF-16 units, where surrogates come before some single units. */
function byCodePoint(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    if (left.charCodeAt(at) !== right.charCodeAt(at)) return codePoint(left, at) - codePoint(right, at);
  }
  return left.length - right.length;
}

/** Where two texts differ in the second half of a pair, both halves decide the same way. */
function codePoint(text: string, at: number): number {
  return text.codePointAt(at) ?? 0;
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
