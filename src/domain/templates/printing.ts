import { quotedText } from "./text.ts";
import {
  Callable,
  Dict,
  Iteration,
  isList,
  Markup,
  Range,
  TemplateFailure,
  type Thing,
  Tuple,
  Undefined,
  type Value,
  View,
} from "./values.ts";

const MAX_DIGITS = 4300;
const ADDRESS = "0x0";

/** The text of a value: what printing it gives. */
export function toText(value: Value): string {
  if (typeof value === "string") return value;
  if (value instanceof Markup) return value.text;
  return value instanceof Undefined ? "" : toRepr(value);
}

/** The value as it shows inside a list. */
export function toRepr(value: Value): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "bigint") return integerText(value);
  if (typeof value === "number") return floatText(value);
  if (typeof value === "string") return quotedText(value);
  if (value instanceof Markup) return `Markup(${quotedText(value.text)})`;
  if (value instanceof Undefined) return "Undefined";
  if (isList(value)) return `[${value.map(toRepr).join(", ")}]`;
  if (value instanceof Tuple) return `(${value.items.map(toRepr).join(", ")}${value.items.length === 1 ? "," : ""})`;
  if (value instanceof Dict) return dictRepr(value);
  if (value instanceof Range) return rangeRepr(value);
  if (value instanceof View) return `${value.type}([${value.items.map(toRepr).join(", ")}])`;
  return objectRepr(value);
}

function integerText(value: bigint): string {
  const text = String(value);
  if (text.length - (value < 0n ? 1 : 0) <= MAX_DIGITS) return text;
  throw new TemplateFailure(
    "ValueError",
    `Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit`,
  );
}

/** Exponents from 1e16 on and below 1e-4, with two digits at least. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function dictRepr(value: Dict): string {
  return `{${value
    .entries()
    .map(([key, item]) => `${toRepr(key)}: ${toRepr(item)}`)
    .join(", ")}}`;
}

function rangeRepr({ start, stop, step }: Range): string {
  return step === 1n ? `range(${start}, ${stop})` : `range(${start}, ${stop}, ${step})`;
}

function objectRepr(value: Callable | Iteration | Thing): string {
  if (value instanceof Callable) {
    if (value.owner !== undefined) return `<built-in method ${value.name} of ${value.owner} object at ${ADDRESS}>`;
    return value.type === "Macro" ? `<Macro ${quotedText(value.name)}>` : `<${value.type} ${value.name} at ${ADDRESS}>`;
  }
  if (value instanceof Iteration) return `<${value.type} object at ${ADDRESS}>`;
  if (value.text !== undefined) return value.text;
  if (value.type === "jinja2.runtime.TemplateReference") return "<TemplateReference None>";
  if (value.type === "jinja2.utils.Namespace") return `<Namespace ${dictRepr(Dict.from(value.fields))}>`;
  return `<${value.type} object at ${ADDRESS}>`;
}
