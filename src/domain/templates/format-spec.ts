import type { Budget } from "./budget.ts";
import { asNumber, toFloat } from "./coerce.ts";
import { fixed } from "./decimals.ts";
import { floatText, toText } from "./printing.ts";
import { characters, padded } from "./text.ts";
import { isText, Markup, TemplateFailure, typeName, type Value } from "./values.ts";

export interface FormatSpec {
  readonly fill: string;
  readonly align: "<" | ">" | "^" | "=" | undefined;
  readonly sign: "+" | "-" | " ";
  readonly isAlternate: boolean;
  readonly width: number;
  readonly grouping: "," | "_" | undefined;
  readonly precision: number | undefined;
  readonly type: string;
}

const SPEC =
  /^(?:(?<fill>.)?(?<align>[<>=^]))?(?<sign>[-+ ])?z?(?<alternate>#)?(?<zero>0)?(?<width>\d+)?(?<grouping>[,_])?(?:\.(?<precision>\d+))?(?<type>[a-zA-Z%])?$/su;

/** `format(value, spec)`, for texts and numbers. @throws TemplateFailure */
export function formatValue(budget: Budget, value: Value, text: string): string {
  if (text === "") return toText(value);
  const spec = readSpec(text);
  budget.reserve(Math.max(spec.width, spec.precision ?? 0));
  if (isText(value)) return formatText(value instanceof Markup ? value.text : value, spec);
  const number = typeof value === "boolean" && spec.type === "" ? undefined : asNumber(value);
  if (number === undefined) {
    if (typeof value === "boolean") return formatNumber(BigInt(value), spec);
    throw new TemplateFailure("TypeError", `unsupported format string passed to ${typeName(value)}.__format__`);
  }
  return formatNumber(number, spec);
}

function readSpec(text: string): FormatSpec {
  const groups = SPEC.exec(text)?.groups;
  if (!groups) throw valueError("Invalid format specifier");
  const { fill, align, sign, alternate, zero, width, grouping, precision, type } = groups;
  return {
    fill: fill ?? (zero === undefined ? " " : "0"),
    align: (align ?? (zero === undefined ? undefined : "=")) as FormatSpec["align"],
    sign: (sign ?? "-") as FormatSpec["sign"],
    isAlternate: alternate !== undefined,
    width: Number(width ?? 0),
    grouping: grouping as FormatSpec["grouping"],
    precision: precision === undefined ? undefined : Number(precision),
    type: type ?? "",
  };
}

function formatText(text: string, spec: FormatSpec): string {
  if (spec.type !== "" && spec.type !== "s") throw unknownCode(spec.type, "str");
  if (spec.align === "=") throw valueError("'=' alignment not allowed in string format specifier");
  const kept = spec.precision === undefined ? text : characters(text).slice(0, spec.precision).join("");
  return padded(kept, spec.width, { align: spec.align ?? "<", fill: spec.fill });
}

const FLOAT_TYPES = new Set(["e", "E", "f", "F", "g", "G", "%"]);

export function formatNumber(value: bigint | number, spec: FormatSpec): string {
  const isFloat = typeof value === "number" || FLOAT_TYPES.has(spec.type);
  const digits = isFloat ? floatDigits(toFloat(value), spec) : integerDigits(value as bigint, spec);
  const isNegative = typeof value === "bigint" ? value < 0n : value < 0 || Object.is(value, -0);
  const sign = isNegative ? "-" : spec.sign === "-" ? "" : spec.sign;
  const prefix = isFloat || !spec.isAlternate ? "" : `0${spec.type}`.replace(/^0[dn]?$/, "");
  const grouped = spec.grouping ? group(digits, spec.grouping, /[xXob]/.test(spec.type) ? 4 : 3) : digits;
  const head = sign + prefix;
  if (spec.align === "=") return head + grouped.padStart(spec.width - head.length, spec.fill);
  return padded(head + grouped, spec.width, { align: spec.align ?? ">", fill: spec.fill });
}

function integerDigits(value: bigint, spec: FormatSpec): string {
  const size = value < 0n ? -value : value;
  if (spec.precision !== undefined) throw valueError("Precision not allowed in integer format specifier");
  switch (spec.type) {
    case "":
    case "d":
    case "n":
      return String(size);
    case "b":
      return size.toString(2);
    case "o":
      return size.toString(8);
    case "x":
      return size.toString(16);
    case "X":
      return size.toString(16).toUpperCase();
    case "c":
      return String.fromCodePoint(Number(size));
    default:
      throw unknownCode(spec.type, "int");
  }
}

function floatDigits(value: number, spec: FormatSpec): string {
  const size = Math.abs(value);
  const isUpper = spec.type === "E" || spec.type === "G" || spec.type === "F";
  if (!Number.isFinite(size)) return isUpper ? floatText(size).toUpperCase() : floatText(size);
  const precision = spec.precision ?? 6;
  const text = finiteDigits(size, spec, precision);
  return isUpper ? text.toUpperCase() : text;
}

function finiteDigits(size: number, spec: FormatSpec, precision: number): string {
  switch (spec.type.toLowerCase()) {
    case "f":
      return fixed(size, precision);
    case "%":
      return `${fixed(size * 100, precision)}%`;
    case "e":
      return twoDigitExponent(size.toExponential(Math.min(precision, 100)));
    case "g":
    case "n":
      return general(size, precision === 0 ? 1 : precision);
    case "":
      if (spec.precision === undefined) return floatText(size);
      return withPoint(general(size, spec.precision === 0 ? 1 : spec.precision));
    default:
      throw unknownCode(spec.type, "float");
  }
}

function general(size: number, precision: number): string {
  if (size === 0) return "0";
  const places = Math.min(precision, 100);
  const [mantissa = "", exponentText = "0"] = size.toExponential(places - 1).split("e");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= places) return twoDigitExponent(`${trimZeros(mantissa)}e${exponentText}`);
  return trimZeros(size.toFixed(Math.max(0, places - 1 - exponent)));
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function withPoint(text: string): string {
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function twoDigitExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

function group(digits: string, separator: string, size: number): string {
  const [, whole = "", rest = ""] = /^([\da-fA-F]*)(.*)$/s.exec(digits) ?? [];
  return whole.replaceAll(new RegExp(`\\B(?=(?:[\\da-fA-F]{${size}})+$)`, "g"), separator) + rest;
}

function unknownCode(code: string, type: string): TemplateFailure {
  return valueError(`Unknown format code '${code}' for object of type '${type}'`);
}

function valueError(message: string): TemplateFailure {
  return new TemplateFailure("ValueError", message);
}
