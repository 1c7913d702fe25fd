import { parseJson, toNumber } from "../kit/json.ts";
import { describeDuration, formatDuration, parseDuration } from "./duration.ts";
import { Secret } from "./secret.ts";
import type { ValueType } from "./setting.ts";

const YES = new Set(["1", "true", "t", "yes", "y", "on"]);
const NO = new Set(["0", "false", "f", "no", "n", "off"]);
const NUMERAL = /^[+-]?(\d+(_\d+)*)?(\.\d*)?(e[+-]?\d+)?$/i;

function valueType<T>(accepts: string, type: Partial<ValueType<T>> & Pick<ValueType<T>, "parse">): ValueType<T> {
  return {
    accepts,
    isSecret: false,
    isTable: false,
    toJson: (value) => value,
    toText: (value) => String(value),
    ...type,
  };
}

function parseNumeral(raw: unknown): number | undefined {
  if (typeof raw === "boolean") return Number(raw);
  if (typeof raw === "bigint") return Number(raw);
  if (typeof raw !== "string") return toNumber(raw);
  const text = raw.trim();
  if (text === "" || !NUMERAL.test(text) || !/\d/.test(text)) return undefined;
  return Number(text.replaceAll("_", ""));
}

function floatText(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** Reads JSON text; anything that is not text is taken as it is. */
function parseJsonText(raw: unknown): unknown {
  if (typeof raw !== "string") return raw;
  try {
    return parseJson(raw);
  } catch {
    return undefined;
  }
}

function splitByComma(raw: unknown): readonly unknown[] | undefined {
  if (raw === null || raw === "") return [];
  if (typeof raw === "string") return raw.split(",").map((part) => part.trim());
  if (Array.isArray(raw)) return raw;
  return typeof raw === "number" || typeof raw === "bigint" ? [raw] : undefined;
}

/** Every element through `parse`; undefined when one of them is refused. */
function parseEach<T>(raw: readonly unknown[] | undefined, parse: (item: unknown) => T | undefined): T[] | undefined {
  const values = raw?.map(parse);
  return values?.some((value) => value === undefined) ? undefined : (values as T[] | undefined);
}

function setText(values: readonly (string | number)[]): string {
  if (values.length === 0) return "set()";
  return `{${values.map((value) => (typeof value === "string" ? `'${value}'` : value)).join(", ")}}`;
}

export const flag = valueType<boolean>("true or false", {
  parse(raw) {
    if (typeof raw === "boolean") return raw;
    const text = String(raw).toLowerCase();
    if (YES.has(text)) return true;
    return NO.has(text) ? false : undefined;
  },
  toText: (value) => (value ? "True" : "False"),
});

export const integer = valueType<number>("a whole number", {
  parse(raw) {
    if (typeof raw === "string" && /e/i.test(raw)) return undefined;
    const value = parseNumeral(raw);
    return Number.isInteger(value) ? value : undefined;
  },
});

export const number = valueType<number>("a number", { parse: parseNumeral, toText: floatText });

export const text = valueType<string>("text", { parse: (raw) => (typeof raw === "string" ? raw : undefined) });

export const path = valueType<string>("a path", { parse: (raw) => (typeof raw === "string" ? raw : undefined) });

export const secret = valueType<Secret>("text", {
  isSecret: true,
  parse: (raw) => (typeof raw === "string" ? new Secret(raw) : undefined),
  toJson: (value) => value.toString(),
});

export const duration = valueType<number>("seconds or an ISO-8601 duration such as PT15S or P7D", {
  parse: (raw) => (typeof raw === "string" ? parseDuration(raw) : parseNumeral(raw)),
  toJson: formatDuration,
  toText: describeDuration,
});

/** One of the given words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): ValueType<Word> {
  return valueType<Word>(`one of ${words.join(", ")}`, { parse: (raw) => words.find((word) => word === raw) });
}

const levels = oneOf("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL");

/** A log level in any case. */
export const logLevel: typeof levels = {
  ...levels,
  parse: (raw) => levels.parse(typeof raw === "string" ? raw.toUpperCase() : raw),
};

/** `type`, or null when nothing is set. */
export function optional<T>(type: ValueType<T>): ValueType<T | null> {
  return {
    ...type,
    parse: (raw) => (raw === null ? null : type.parse(raw)),
    toJson: (value) => (value === null ? null : type.toJson(value)),
    toText: (value) => (value === null ? "None" : type.toText(value)),
  };
}

function limited(type: ValueType<number>, limit: string, holds: (value: number) => boolean): ValueType<number> {
  return {
    ...type,
    accepts: `${type.accepts}, ${limit}`,
    parse(raw) {
      const value = type.parse(raw);
      return value !== undefined && holds(value) ? value : undefined;
    },
  };
}

export function atLeast(minimum: number, type: ValueType<number>): ValueType<number> {
  return limited(type, `at least ${minimum}`, (value) => value >= minimum);
}

export function moreThan(bound: number, type: ValueType<number>): ValueType<number> {
  return limited(type, `more than ${bound}`, (value) => value > bound);
}

export function between(minimum: number, maximum: number, type: ValueType<number>): ValueType<number> {
  return limited(type, `from ${minimum} to ${maximum}`, (value) => value >= minimum && value <= maximum);
}

/** Words separated by commas. */
export const names = valueType<readonly string[]>("names separated by commas", {
  parse: (raw) => parseEach(splitByComma(raw), (item) => (typeof item === "string" ? item : undefined)),
  toText: setText,
});

/** The same, for a setting that is a list and not a set in the reference, which shows in its text only. */
export const nameList: ValueType<readonly string[]> = {
  ...names,
  toText: (value) => `[${value.map((name) => `'${name}'`).join(", ")}]`,
};

const statusCode = between(100, 599, integer);

export const statusCodes = valueType<readonly number[]>("status codes from 100 to 599 separated by commas", {
  parse: (raw) => parseEach(splitByComma(raw), (item) => statusCode.parse(item)),
  toText: setText,
});

/** A JSON object of text. */
export const headers = valueType<Readonly<Record<string, string>>>("a JSON object of text", {
  isTable: true,
  parse(raw) {
    const value = parseJsonText(raw);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return Object.values(value).every((item) => typeof item === "string")
      ? (value as Record<string, string>)
      : undefined;
  },
  toText: (value) => JSON.stringify(value),
});

/** One number of seconds for every retry, or one for each. */
export const retryDelays = valueType<number | readonly number[]>("seconds, or several separated by commas", {
  parse(raw) {
    const list = typeof raw === "string" && raw.startsWith("[") ? parseJsonText(raw) : raw;
    const values = parseEach(splitByComma(list), parseNumeral);
    const isOne = !Array.isArray(list) && values?.length === 1;
    return isOne ? values[0] : values;
  },
  toText: (value) => (typeof value === "number" ? String(value) : `[${value.map(floatText).join(", ")}]`),
});

const VACUUM_KINDS = ["events", "flow_runs", "orphans"] as const;

/** Which old rows are deleted; the booleans of older versions are kept as they were given. */
export const vacuumKinds = valueType<readonly string[] | boolean>(`${VACUUM_KINDS.join(", ")}, true or false`, {
  parse(raw) {
    const lowered = String(raw).trim().toLowerCase();
    if (lowered === "true" || lowered === "1") return true;
    if (lowered === "false" || lowered === "0" || lowered === "") return false;
    const kinds = splitByComma(raw)?.filter((kind) => kind !== "");
    return parseEach(kinds, (kind) => VACUUM_KINDS.find((known) => known === kind));
  },
  toText: (value) => (typeof value === "boolean" ? flag.toText(value) : setText(value)),
});

/** A JSON object of durations, kept in seconds. */
export const durationsByName = valueType<Readonly<Record<string, number>>>("a JSON object of durations", {
  isTable: true,
  parse(raw) {
    const value = parseJsonText(raw);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const entries = Object.entries(value).map(([name, item]) => [name, duration.parse(item)] as const);
    const isValid = entries.every(([, seconds]) => seconds !== undefined && seconds > 0);
    return isValid ? (Object.fromEntries(entries) as Record<string, number>) : undefined;
  },
  toJson: (value) =>
    Object.fromEntries(Object.entries(value).map(([name, seconds]) => [name, formatDuration(seconds)])),
  toText: (value) => JSON.stringify(value),
});

export const anything = valueType<unknown>("anything", { parse: (raw) => raw });
