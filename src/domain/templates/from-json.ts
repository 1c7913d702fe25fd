import { rawNumberText } from "../../kit/json.ts";
import { Dict, type Value } from "./values.ts";

/** A value of `parseJson` for a template: whole numbers are integers, unless they are written as floats. */
export function fromJson(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  const raw = rawNumberText(value);
  if (raw !== undefined) return /^-?\d+$/.test(raw) ? BigInt(raw) : Number(raw);
  if (Array.isArray(value)) return value.map(fromJson);
  return Dict.from(Object.entries(value).map(([key, item]) => [key, fromJson(item)]));
}
