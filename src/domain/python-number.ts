import { rawNumberText } from "../kit/json.ts";

/**
 * A number of `parseJson` as Python writes it after reading the same JSON: integers as they were, floats in the shortest
 * form that reads back the same. Undefined for anything but a number.
 */
export function pythonNumber(value: unknown): string | undefined {
  const raw = rawNumberText(value);
  if (raw !== undefined) return /^-?\d+$/.test(raw) ? integer(raw) : pythonFloat(Number(raw));
  if (typeof value !== "number") return undefined;
  return Number.isInteger(value) ? integer(String(value)) : pythonFloat(value);
}

function integer(text: string): string {
  return text === "-0" ? "0" : text;
}

/** Python takes exponents from 1e16 and below 1e-4 on, and writes them with two digits. */
function pythonFloat(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || Object.is(value, -0)) return Object.is(value, -0) ? "-0.0" : String(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
