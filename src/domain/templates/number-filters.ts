import { asInteger, REQUIRED } from "./arguments.ts";
import { asNumber, toFloat, typeError } from "./coerce.ts";
import { fixed, halfEven } from "./decimals.ts";
import { type Filter, filter } from "./filter.ts";
import { calculate } from "./operators.ts";
import { toRepr, toText } from "./printing.ts";
import { items } from "./sequences.ts";
import { isText, isTrue, TemplateFailure, typeName, Undefined, type Value } from "./values.ts";

export const numberFilters: Readonly<Record<string, Filter>> = {
  abs: filter("abs", { x: REQUIRED }, ({ x }) => {
    if (x instanceof Undefined) return x.fail();
    const number = asNumber(x);
    if (number === undefined) throw typeError(`bad operand type for abs(): '${typeName(x)}'`);
    return number < 0 ? -number : number;
  }),
  int: filter("do_int", { value: REQUIRED, default: 0n, base: 10n }, ({ value, default: fallback, base }) => {
    if (value instanceof Undefined) return value.fail();
    return toInteger(value, asInteger(base)) ?? fallback;
  }),
  float: filter("do_float", { value: REQUIRED, default: 0 }, ({ value, default: fallback }) => {
    if (value instanceof Undefined) return value.fail();
    return readFloat(value) ?? fallback;
  }),
  round: filter(
    "do_round",
    { value: REQUIRED, precision: 0n, method: "common" },
    ({ value, precision, method }, call) => {
      const how = toText(method);
      if (how !== "common" && how !== "ceil" && how !== "floor") {
        throw new TemplateFailure("FilterArgumentError", "method must be common, ceil or floor");
      }
      const number = asNumber(value);
      if (number === undefined) throw typeError(`type ${typeName(value)} doesn't define __round__ method`);
      if (how === "common") return rounded(number, asInteger(precision));
      const scale = calculate(call.budget, "**", [10n, precision]);
      const scaled = toFloat(asNumber(calculate(call.budget, "*", [number, scale])) ?? 0);
      const whole = BigInt(how === "ceil" ? Math.ceil(scaled) : Math.floor(scaled));
      return calculate(call.budget, "/", [whole, scale]);
    },
  ),
  sum: filter("do_sum", { iterable: REQUIRED, attribute: null, start: 0n }, ({ iterable, attribute, start }, call) => {
    const all =
      attribute === null ? iterable : call.filter({ name: "map", input: iterable, args: [], named: { attribute } });
    if (isText(start)) throw typeError("sum() can't sum strings [use ''.join(seq) instead]");
    return items(all).reduce((sum, item) => calculate(call.budget, "+", [sum, item]), start);
  }),
  filesizeformat: filter("do_filesizeformat", { value: REQUIRED, binary: false }, ({ value, binary }) => {
    if (value instanceof Undefined) return value.fail();
    const bytes = readFloat(value);
    if (bytes === undefined) throw notFloat(value);
    return fileSize(bytes, isTrue(binary));
  }),
};

const PREFIXES = ["k", "M", "G", "T", "P", "E", "Z", "Y"];

function fileSize(bytes: number, isBinary: boolean): string {
  const base = isBinary ? 1024 : 1000;
  if (bytes === 1) return "1 Byte";
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const found = PREFIXES.findIndex((_, index) => bytes < base ** (index + 2));
  const power = found === -1 ? PREFIXES.length - 1 : found;
  const prefix = PREFIXES[power] ?? "";
  const unit = isBinary ? `${prefix.toUpperCase()}iB` : `${prefix}B`;
  return `${fixed((base * bytes) / base ** (power + 2), 1)} ${unit}`;
}

const INTEGER = /^[-+]?\d+(?:_\d+)*$/;

function toInteger(value: Value, base: number): bigint | undefined {
  if (isText(value)) return integerFromText(toText(value).trim(), base) ?? truncate(readFloat(value));
  const number = asNumber(value);
  if (typeof number === "number" && !Number.isFinite(number)) {
    if (Number.isNaN(number)) return undefined;
    throw new TemplateFailure("OverflowError", "cannot convert float infinity to integer");
  }
  return typeof number === "number" ? BigInt(Math.trunc(number)) : number;
}

function truncate(value: number | undefined): bigint | undefined {
  return value === undefined || !Number.isFinite(value) ? undefined : BigInt(Math.trunc(value));
}

const BASES: Readonly<Record<string, number>> = { "0x": 16, "0o": 8, "0b": 2 };

function integerFromText(text: string, base: number): bigint | undefined {
  if (base === 10) return INTEGER.test(text) ? BigInt(text.replaceAll("_", "").replace(/^\+/, "")) : undefined;
  const [, sign = "", prefix = "", digits = ""] = /^([-+]?)(0[xXoObB])?([\da-zA-Z]+)$/.exec(text) ?? [];
  const own = BASES[prefix.toLowerCase()];
  const radix = base === 0 ? (own ?? 10) : base;
  if (digits === "" || (own !== undefined && own !== radix)) return undefined;
  let value = 0n;
  for (const digit of digits.toLowerCase()) {
    const worth = Number.parseInt(digit, 36);
    if (worth >= radix) return undefined;
    value = value * BigInt(radix) + BigInt(worth);
  }
  return sign === "-" ? -value : value;
}

const FLOAT = /^[-+]?(?:(?:\d[\d_]*)?\.?\d[\d_]*|\d[\d_]*\.)(?:[eE][-+]?\d+)?$/;
const SPECIAL = /^([-+]?)(inf(?:inity)?|nan)$/i;

/** As `float(value)`; undefined for what is no number. */
export function readFloat(value: Value): number | undefined {
  if (!isText(value)) {
    const number = asNumber(value);
    return number === undefined ? undefined : toFloat(number);
  }
  const text = toText(value).trim();
  if (FLOAT.test(text)) return Number(text.replaceAll("_", ""));
  const [, sign, word] = SPECIAL.exec(text) ?? [];
  if (word === undefined) return undefined;
  if (word.toLowerCase() === "nan") return Number.NaN;
  return sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

export function notFloat(value: Value): TemplateFailure {
  return isText(value)
    ? new TemplateFailure("ValueError", `could not convert string to float: ${toRepr(toText(value))}`)
    : typeError(`float() argument must be a string or a real number, not '${typeName(value)}'`);
}

/** `round(number, digits)`: halves go to the even digit. */
export function rounded(number: bigint | number, digits: number): bigint | number {
  if (typeof number === "bigint") return digits >= 0 ? number : roundedInteger(number, -digits);
  if (!Number.isFinite(number) || digits > 100) return number;
  if (digits < 0) return Number(roundedInteger(BigInt(Math.round(number)), -digits));
  const size = Math.abs(number);
  const text = size < 1e21 ? halfEven(size, digits) : String(size);
  return number < 0 ? -Number(text) : Number(text);
}

function roundedInteger(number: bigint, places: number): bigint {
  const unit = 10n ** BigInt(Math.min(places, 400));
  const rest = ((number % unit) + unit) % unit;
  const down = number - rest;
  if (rest * 2n === unit) return (down / unit) % 2n === 0n ? down : down + unit;
  return rest * 2n > unit ? down + unit : down;
}
