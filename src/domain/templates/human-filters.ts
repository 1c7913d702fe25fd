import { asInteger, REQUIRED } from "./arguments.ts";
import { asNumber, toFloat, typeError } from "./coerce.ts";
import { fixed } from "./decimals.ts";
import { type Filter, filter } from "./filter.ts";
import { formatBraces } from "./format-braces.ts";
import { formatPercent } from "./format-percent.ts";
import { formatValue } from "./format-spec.ts";
import { deltaWords, preciseDelta, timeWords } from "./human-durations.ts";
import { notFloat, readFloat } from "./number-filters.ts";
import { toText } from "./printing.ts";
import { items } from "./sequences.ts";
import { isText, isTrue, TemplateFailure, typeName, type Value } from "./values.ts";

/** Numbers and times in people's words. Languages cannot be chosen: everyone would get the last one's. */
export const humanFilters: Readonly<Record<string, Filter>> = {
  humanize_ordinal: filter("humanize_ordinal", { value: REQUIRED, gender: "male" }, ({ value }) =>
    whole(value, (number) => `${number}${ordinalSuffix(number)}`),
  ),
  humanize_intcomma: filter(
    "humanize_intcomma",
    { value: REQUIRED, ndigits: null },
    ({ value, ndigits }, { budget }) => {
      const number = isText(value) ? numberFromText(toText(value)) : asNumber(value);
      if (number === undefined) return toText(value);
      if (typeof number === "number" && !Number.isFinite(number)) return unusual(number);
      return formatValue(budget, number, ndigits === null ? "," : `,.${asInteger(ndigits)}f`);
    },
  ),
  humanize_intword: filter("humanize_intword", { value: REQUIRED, format: "%.1f" }, ({ value, format }, { budget }) =>
    whole(value, (number) => inWords(number, (size) => toText(formatPercent(budget, toText(format), size)))),
  ),
  humanize_apnumber: filter("humanize_apnumber", { value: REQUIRED }, ({ value }) =>
    whole(value, (number) => SMALL_NUMBERS[Number(number)] ?? toText(number)),
  ),
  humanize_fractional: filter("humanize_fractional", { value: REQUIRED }, ({ value }) => {
    const number = readFloat(value);
    if (number === undefined) return toText(value);
    return Number.isFinite(number) ? fraction(number) : unusual(number);
  }),
  humanize_scientific: filter("humanize_scientific", { value: REQUIRED, precision: 2n }, ({ value, precision }) => {
    const number = readFloat(value);
    if (number === undefined) return toText(value);
    return scientific(number, asInteger(precision));
  }),
  humanize_clamp: filter(
    "humanize_clamp",
    { value: REQUIRED, floor: null, ceil: null, format: "{:}", floor_token: "<", ceil_token: ">" },
    ({ value, floor, ceil, format, floor_token, ceil_token }, { budget }) => {
      if (value === null) return null;
      const number = finite(value);
      if (typeof number === "string") return number;
      const [low, high] = [asNumber(floor), asNumber(ceil)];
      const shown = (bound: Value, token: string) =>
        token + formatBraces(budget, toText(format), { args: [bound], named: {}, reach: (inner) => inner });
      if (low !== undefined && number < low) return shown(low, toText(floor_token));
      return high !== undefined && number > high ? shown(high, toText(ceil_token)) : shown(value, "");
    },
  ),
  humanize_metric: filter(
    "humanize_metric",
    { value: REQUIRED, unit: "", precision: 3n },
    ({ value, unit, precision }) => {
      const number = finite(value);
      return typeof number === "string"
        ? number
        : metric(number, { unit: toText(unit), precision: asInteger(precision) });
    },
  ),
  humanize_naturalsize: filter(
    "humanize_naturalsize",
    { value: REQUIRED, binary: false, gnu: false, format: "%.1f" },
    ({ value, binary, gnu, format }, { budget }) => {
      const bytes = readFloat(value);
      if (bytes === undefined) throw notFloat(value);
      const kind = isTrue(gnu) ? "gnu" : isTrue(binary) ? "binary" : "decimal";
      return sizeWords(bytes, { kind, show: (size) => toText(formatPercent(budget, toText(format), size)) });
    },
  ),
  humanize_naturaldelta: filter(
    "humanize_naturaldelta",
    { value: REQUIRED, months: true, minimum_unit: "seconds" },
    ({ value, months, minimum_unit }) =>
      seconds(value, (number) => deltaWords(number, { hasMonths: isTrue(months), minimumUnit: toText(minimum_unit) })),
  ),
  humanize_naturaltime: filter(
    "humanize_naturaltime",
    { value: REQUIRED, future: false, months: true, minimum_unit: "seconds", when: null },
    ({ value, future, months, minimum_unit }) =>
      seconds(value, (number) =>
        timeWords(number, { isFuture: isTrue(future), hasMonths: isTrue(months), minimumUnit: toText(minimum_unit) }),
      ),
  ),
  humanize_precisedelta: filter(
    "humanize_precisedelta",
    { value: REQUIRED, minimum_unit: "seconds", suppress: [], format: "%0.2f" },
    ({ value, minimum_unit, suppress, format }, { budget }) =>
      seconds(value, (number) =>
        preciseDelta(number, {
          minimumUnit: toText(minimum_unit),
          suppressed: items(suppress).map(toText),
          show: (size) => toText(formatPercent(budget, toText(format), size)),
        }),
      ),
  ),
  humanize_naturalday: filter("humanize_naturalday", { value: REQUIRED }, ({ value }) => toText(value)),
  humanize_naturaldate: filter("humanize_naturaldate", { value: REQUIRED }, ({ value }) => toText(value)),
  humanize_thousands_separator: filter("humanize_thousands_separator", { value: REQUIRED }, () => ","),
  humanize_decimal_separator: filter("humanize_decimal_separator", { value: REQUIRED }, () => "."),
  humanize_deactivate: filter("humanize_deactivate", { value: REQUIRED }, () => null),
};

/** What is no finite number. */
function unusual(number: number): string {
  if (Number.isNaN(number)) return "NaN";
  return number > 0 ? "+Inf" : "-Inf";
}

/** Shows what is, or reads as, a number as a whole one; anything else as its text. */
function whole(value: Value, show: (number: bigint) => string): Value {
  const number = readFloat(value);
  if (number === undefined) return toText(value);
  if (!Number.isFinite(number)) return unusual(number);
  if (!isText(value)) return show(wholeOf(value));
  return /^\s*[-+]?\d+\s*$/.test(toText(value)) ? show(BigInt(toText(value).trim().replace(/^\+/, ""))) : toText(value);
}

function wholeOf(value: Value): bigint {
  const number = asNumber(value);
  return typeof number === "bigint" ? number : BigInt(Math.trunc(number ?? 0));
}

function finite(value: Value): bigint | number | string {
  const number = asNumber(value);
  if (number === undefined) throw typeError(`must be real number, not ${typeName(value)}`);
  return typeof number === "number" && !Number.isFinite(number) ? unusual(number) : number;
}

function numberFromText(text: string): bigint | number | undefined {
  const plain = text.replaceAll(",", "").trim();
  if (/^[-+]?\d+$/.test(plain)) return BigInt(plain.replace(/^\+/, ""));
  return plain.includes(".") || /inf|nan/i.test(plain) ? readFloat(plain) : undefined;
}

const SUFFIXES = ["th", "st", "nd", "rd"];

function ordinalSuffix(number: bigint): string {
  const last = ((number % 100n) + 100n) % 100n;
  return last >= 11n && last <= 13n ? "th" : (SUFFIXES[Number(last % 10n)] ?? "th");
}

const SMALL_NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

const POWERS = [3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 100] as const;
const POWER_WORDS = [
  ...["thousand", "million", "billion", "trillion", "quadrillion", "quintillion", "sextillion", "septillion"],
  ...["octillion", "nonillion", "decillion", "googol"],
];

function inWords(number: bigint, show: (size: number) => string): string {
  const size = number < 0n ? -number : number;
  const sign = number < 0n ? "-" : "";
  if (size < 1000n) return `${sign}${size}`;
  let at = POWERS.findLastIndex((power) => size >= 10n ** BigInt(power));
  const power = POWERS[at] ?? 3;
  let rounded = Number(show(Number(size) / 10 ** power));
  const next = POWERS[at + 1];
  if (next !== undefined && rounded === 10 ** (next - power)) {
    at += 1;
    rounded = 1;
  }
  return `${sign}${show(rounded)} ${POWER_WORDS[at]}`;
}

const MAX_DENOMINATOR = 1000;

function fraction(number: number): string {
  const integer = Math.trunc(number);
  const { numerator, denominator } = closestFraction(number - integer);
  if (denominator === 1) return `${integer + numerator}`;
  return integer === 0 ? `${numerator}/${denominator}` : `${integer} ${Math.abs(numerator)}/${denominator}`;
}

/** The fraction nearest to a number below 1, by continued fractions. */
function closestFraction(number: number): { readonly numerator: number; readonly denominator: number } {
  const size = Math.abs(number);
  let [p0, q0, p1, q1] = [0, 1, 1, 0];
  let rest = size;
  for (;;) {
    const term = Math.floor(rest);
    if (q0 + term * q1 > MAX_DENOMINATOR || !Number.isFinite(term)) break;
    [p0, q0, p1, q1] = [p1, q1, p0 + term * p1, q0 + term * q1];
    if (rest === term) break;
    rest = 1 / (rest - term);
  }
  const more = q1 === 0 ? 0 : Math.floor((MAX_DENOMINATOR - q0) / q1);
  const between = { numerator: p0 + more * p1, denominator: q0 + more * q1 };
  const isBetween = Math.abs(between.numerator / between.denominator - size) < Math.abs(p1 / q1 - size);
  const best = isBetween ? between : { numerator: p1, denominator: q1 };
  return number < 0 ? { ...best, numerator: -best.numerator } : best;
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function scientific(number: number, precision: number): string {
  if (!Number.isFinite(number)) return unusual(number);
  const [mantissa = "", exponent = "0"] = number.toExponential(Math.min(100, Math.max(0, precision))).split("e");
  const raised = String(Number(exponent)).replaceAll(/[-\d]/g, (char) =>
    char === "-" ? "⁻" : (RAISED[Number(char)] ?? ""),
  );
  return `${mantissa} x 10${raised}`;
}

function metric(
  given: bigint | number,
  { unit, precision }: { readonly unit: string; readonly precision: number },
): string {
  let value = toFloat(given);
  let exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= 33 || exponent < -30) return scientific(value, precision - 1) + unit;
  const bucket = (power: number) => Math.floor(power / 3) * 3;
  const place = (power: number) => ((power % 3) + 3) % 3;
  const digitsOf = (power: number) => Math.max(0, precision - place(power) - 1);
  const old = bucket(exponent);
  value /= 10 ** old;
  if (exponent < 30 && Number(fixed(Math.abs(value), digitsOf(exponent))) >= 10 ** (place(exponent) + 1)) {
    exponent += 1;
    value /= 10 ** (bucket(exponent) - old);
  }
  const prefix =
    exponent >= 3
      ? "kMGTPEZYRQ"[Math.floor(exponent / 3) - 1]
      : exponent < 0
        ? "mμnpfazyrq"[Math.floor((-exponent - 1) / 3)]
        : "";
  const space = (unit === "" && prefix === "") || ["°", "′", "″"].includes(unit) ? "" : " ";
  return `${value < 0 ? "-" : ""}${fixed(Math.abs(value), digitsOf(exponent))}${space}${prefix}${unit}`;
}

const SIZES = "kMGTPEZYRQ";

interface SizeStyle {
  readonly kind: "gnu" | "binary" | "decimal";
  readonly show: (size: number) => string;
}

function sizeWords(bytes: number, { kind, show }: SizeStyle): string {
  const size = Math.abs(bytes);
  const base = kind === "decimal" ? 1000 : 1024;
  if (size === 1 && kind !== "gnu") return `${Math.trunc(bytes)} Byte`;
  if (size < base) return `${Math.trunc(bytes)}${kind === "gnu" ? "B" : " Bytes"}`;
  let exponent = Math.trunc(Math.min(Math.log(size) / Math.log(base), SIZES.length));
  if (exponent < SIZES.length && Math.abs(Number(show(size / base ** exponent))) >= base) exponent += 1;
  const prefix = SIZES[exponent - 1] ?? "";
  const unit =
    kind === "decimal" ? ` ${prefix}B` : kind === "binary" ? ` ${prefix.toUpperCase()}iB` : prefix.toUpperCase();
  return show(bytes / base ** exponent) + unit;
}

/** Most seconds that Python's `timedelta` holds. */
const MAX_SECONDS = 86_400_000_000_000;

/** Shows a number of seconds; what is none as its text. */
function seconds(value: Value, show: (seconds: number) => string): Value {
  const number = asNumber(value) ?? undefined;
  if (number === undefined || (typeof number === "number" && !Number.isFinite(number))) return toText(value);
  if (Math.abs(toFloat(number)) < MAX_SECONDS) return show(toFloat(number));
  throw new TemplateFailure("OverflowError", "days=1000000000; must have magnitude <= 999999999");
}
