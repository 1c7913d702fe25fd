import { rawNumberText, toNumber } from "../../kit/json.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** Stands where a value will be, or where none could be made: it is of no type of JSON. */
export class Placeholder {
  /** Why there is no value; undefined where there will be one. */
  readonly problem: string | undefined;
  constructor(problem?: string) {
    this.problem = problem;
  }
}

/** A JSON object; numbers kept as raw text are none. */
export function isObject(value: unknown): value is JsonObject {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    rawNumberText(value) === undefined &&
    !(value instanceof Placeholder)
  );
}

/** Whether a JSON value is of a type of JSON Schema. An unknown type name fits nothing. `1.0` is an integer. */
export function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "boolean":
      return typeof value === "boolean";
    case "string":
      return typeof value === "string";
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    case "number":
      return toNumber(value) !== undefined;
    case "integer":
      return Number.isInteger(toNumber(value));
    default:
      return false;
  }
}

/** Equality of JSON Schema: numbers by value, objects whatever their order, true is not 1. */
export function isEqual(a: unknown, b: unknown): boolean {
  const [x, y] = [toNumber(a), toNumber(b)];
  if (x !== undefined && y !== undefined) return x === y && (x <= Number.MAX_SAFE_INTEGER || text(a) === text(b));
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  }
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]))
    );
  }
  return a === b;
}

/** The same for two values exactly when they are equal by `isEqual`: for finding equals among many. */
export function identity(value: unknown): unknown {
  let hasPlaceholder = false;
  const canonical = JSON.stringify(value, (_key, each: unknown) => {
    hasPlaceholder ||= each instanceof Placeholder;
    const number = toNumber(each);
    if (number !== undefined) return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : { number: text(each) };
    return isObject(each) ? { object: Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)) } : each;
  });
  return hasPlaceholder ? value : canonical;
}

const text = (value: unknown) => rawNumberText(value) ?? String(value);
