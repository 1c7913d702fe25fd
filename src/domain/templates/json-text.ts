import type { Budget } from "./budget.ts";
import { typeError } from "./coerce.ts";
import { floatText, toText } from "./printing.ts";
import { items } from "./sequences.ts";
import { Dict, isList, isText, Thing, Tuple, typeName, type Value } from "./values.ts";

const UNSAFE: Readonly<Record<string, string>> = { "<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027" };

/** JSON with sorted keys that is safe inside HTML. */
export function templateJson(budget: Budget, value: Value, indent: number | undefined): string {
  budget.reserve(indent ?? 0);
  const text = write(budget, value, { indent, depth: 0 });
  return text.replaceAll(/[<>&']/g, (char) => UNSAFE[char] ?? char);
}

interface Place {
  readonly indent: number | undefined;
  readonly depth: number;
}

function write(budget: Budget, value: Value, place: Place): string {
  budget.spend(1);
  if (value === null) return "null";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "bigint") return toText(value);
  if (typeof value === "number") return floatJson(value);
  if (isText(value)) return quoted(toText(value));
  const inner = { ...place, depth: place.depth + 1 };
  if (isList(value) || value instanceof Tuple) {
    const parts = items(value).map((item) => write(budget, item, inner));
    return enclosed("[]", parts, place);
  }
  if (value instanceof Thing && value.json !== undefined) return write(budget, value.json, place);
  if (!(value instanceof Dict)) throw typeError(`Object of type ${typeName(value)} is not JSON serializable`);
  const entries = value.entries().map(([key, item]) => [keyText(key), item] as const);
  const parts = entries
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${quoted(key)}: ${write(budget, item, inner)}`);
  return enclosed("{}", parts, place);
}

function enclosed(brackets: string, parts: readonly string[], { indent, depth }: Place): string {
  const [open, close] = brackets;
  if (parts.length === 0) return brackets;
  if (indent === undefined) return `${open}${parts.join(", ")}${close}`;
  const space = (levels: number) => `\n${" ".repeat(Math.max(0, indent) * levels)}`;
  return `${open}${space(depth + 1)}${parts.join(`,${space(depth + 1)}`)}${space(depth)}${close}`;
}

function keyText(key: Value): string {
  if (isText(key)) return toText(key);
  if (key === null) return "null";
  if (typeof key === "boolean") return String(key);
  if (typeof key === "number") return floatJson(key);
  if (typeof key === "bigint") return toText(key);
  throw typeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

function floatJson(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  return floatText(value);
}

function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
