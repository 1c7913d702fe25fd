import type { Budget } from "./budget.ts";
import { asHtml, asNumber, toFloat, typeError } from "./coerce.ts";
import { formatNumber } from "./format-spec.ts";
import { toRepr, toText } from "./printing.ts";
import { characters, padded, quotedText } from "./text.ts";
import { Dict, isList, isText, Markup, TemplateFailure, Tuple, typeName, type Value } from "./values.ts";

const PLACE = /%(?:\(([^)]*)\))?([-#0 +]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?(.)?/gsu;

/** `format % values`. @throws TemplateFailure */
export function formatPercent(budget: Budget, format: string | Markup, values: Value): string | Markup {
  const source = new Arguments(values);
  const text = toText(format).replaceAll(PLACE, (whole, ...found) => {
    const [key, flags, width, precision, code] = found as (string | undefined)[];
    if (code === "%" && key === undefined) return "%";
    const at = Number(found.at(-2)) + whole.length - 1;
    return place(budget, source, {
      key,
      flags: flags ?? "",
      width,
      precision,
      hasPrecision: whole.includes("."),
      code,
      at,
      isHtml: format instanceof Markup,
    });
  });
  source.finish();
  return format instanceof Markup ? new Markup(text) : text;
}

interface Place {
  readonly key: string | undefined;
  readonly flags: string;
  readonly width: string | undefined;
  readonly precision: string | undefined;
  readonly hasPrecision: boolean;
  readonly code: string | undefined;
  readonly at: number;
  readonly isHtml: boolean;
}

/** The values, one after the other or by their keys. */
class Arguments {
  readonly #values: Value;
  readonly #all: readonly Value[];
  #used = 0;

  constructor(values: Value) {
    this.#values = values;
    this.#all = values instanceof Tuple ? values.items : [values];
  }

  next(): Value {
    const value = this.#all[this.#used];
    if (this.#used >= this.#all.length) throw typeError("not enough arguments for format string");
    this.#used += 1;
    return value as Value;
  }

  byKey(key: string): Value {
    if (!(this.#values instanceof Dict)) throw typeError("format requires a mapping");
    this.#used = this.#all.length;
    const value = this.#values.get(key);
    if (value === undefined) throw new TemplateFailure("KeyError", key);
    return value;
  }

  /** Mappings, and lists, may be left unused. */
  finish(): void {
    const mayBeLeft = this.#values instanceof Dict || isList(this.#values);
    if (this.#used < this.#all.length && !mayBeLeft)
      throw typeError("not all arguments converted during string formatting");
  }
}

function place(budget: Budget, source: Arguments, of: Place): string {
  if (of.code === undefined) throw new TemplateFailure("ValueError", "incomplete format");
  const width = of.width === "*" ? star(source.next()) : Number(of.width ?? 0);
  const precision =
    of.precision === "*" ? star(source.next()) : of.hasPrecision ? Number(of.precision ?? 0) : undefined;
  budget.reserve(Math.max(width, precision ?? 0));
  const value = of.key === undefined ? source.next() : source.byKey(of.key);
  const text = converted(value, of, precision);
  const isLeft = of.flags.includes("-");
  const isZeroed = of.flags.includes("0") && !isLeft && /[diouxXeEfFgG]/.test(of.code);
  if (!isZeroed) return padded(text, width, { align: isLeft ? "<" : ">", fill: " " });
  const [, sign = "", digits = ""] = /^([-+ ]?(?:0[xXo])?)(.*)$/s.exec(text) ?? [];
  return sign + digits.padStart(width - sign.length, "0");
}

function star(value: Value): number {
  if (typeof value !== "bigint") throw typeError("* wants int");
  return Number(value);
}

function converted(value: Value, { code = "", flags, at, isHtml }: Place, precision: number | undefined): string {
  switch (code) {
    case "s":
    case "r":
    case "a": {
      const text = code === "s" ? (isHtml && isText(value) ? asHtml(value) : toText(value)) : toRepr(value);
      return precision === undefined ? text : characters(text).slice(0, precision).join("");
    }
    case "c":
      if (typeof value === "bigint") return String.fromCodePoint(Number(value));
      if (isText(value) && characters(toText(value)).length === 1) return toText(value);
      throw typeError("%c requires int or char");
    default:
      return convertedNumber(value, { code, flags, at }, precision);
  }
}

function convertedNumber(
  value: Value,
  { code, flags, at }: { readonly code: string; readonly flags: string; readonly at: number },
  precision: number | undefined,
): string {
  const sign = flags.includes("+") ? "+" : flags.includes(" ") ? " " : "-";
  const spec = {
    fill: " ",
    align: undefined,
    sign,
    isAlternate: flags.includes("#"),
    width: 0,
    grouping: undefined,
  } as const;
  const number = asNumber(value);
  if (/[diu]/.test(code)) {
    if (number === undefined) throw typeError(`%${code} format: a real number is required, not ${typeName(value)}`);
    return zeroFilled(formatNumber(truncated(number), { ...spec, precision: undefined, type: "d" }), precision);
  }
  if (/[oxX]/.test(code)) {
    if (typeof number !== "bigint") throw typeError(`%${code} format: an integer is required, not ${typeName(value)}`);
    return zeroFilled(formatNumber(number, { ...spec, precision: undefined, type: code }), precision);
  }
  if (!/[eEfFgG]/.test(code)) {
    const shown = `unsupported format character ${quotedText(code)} (0x${(code.codePointAt(0) ?? 0).toString(16)}) at index ${at}`;
    throw new TemplateFailure("ValueError", shown);
  }
  if (number === undefined) throw typeError(`must be real number, not ${typeName(value)}`);
  return formatNumber(toFloat(number), { ...spec, precision, type: code });
}

function truncated(number: bigint | number): bigint {
  return typeof number === "bigint" ? number : BigInt(Math.trunc(number));
}

function zeroFilled(text: string, digits: number | undefined): string {
  if (digits === undefined) return text;
  const [, sign = "", rest = ""] = /^([-+ ]?(?:0[xXo])?)(.*)$/s.exec(text) ?? [];
  return sign + rest.padStart(digits, "0");
}
