import { escapeHtml } from "./text.ts";
import { type Markup, TemplateFailure, type Value } from "./values.ts";

/** An int, float or bool as a number. */
export function asNumber(value: Value): bigint | number | undefined {
  if (typeof value === "boolean") return value ? 1n : 0n;
  return typeof value === "bigint" || typeof value === "number" ? value : undefined;
}

export function toFloat(value: bigint | number): number {
  const number = Number(value);
  if (Number.isFinite(number) || typeof value === "number") return number;
  throw new TemplateFailure("OverflowError", "int too large to convert to float");
}

export function asHtml(value: string | Markup): string {
  return typeof value === "string" ? escapeHtml(value) : value.text;
}

/** The characters of a text, whether or not they are HTML. */
export const plain = (value: string | Markup) => (typeof value === "string" ? value : value.text);

export function typeError(message: string): TemplateFailure {
  return new TemplateFailure("TypeError", message);
}
