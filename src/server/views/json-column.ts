import { parseJson } from "../../kit/json.ts";

/** The value of a JSON column; `fallback` where the column is null. */
export function jsonColumn(text: string | null, fallback: unknown = null): unknown {
  return text === null ? fallback : parseJson(text);
}
