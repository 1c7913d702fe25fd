import { itemOf } from "./attributes.ts";
import type { Budget } from "./budget.ts";
import { toText } from "./printing.ts";
import { isText, Undefined, type Value } from "./values.ts";

/** The steps of `a.b.0`; numbers are looked up as such. */
export function attributePath(attribute: Value): readonly Value[] {
  if (attribute === null) return [];
  if (!isText(attribute)) return [attribute];
  return toText(attribute)
    .split(".")
    .map((step) => (/^\d+$/.test(step) ? BigInt(step) : step));
}

/** Where to look; `fallback` stands for what is missing on the way, unless it is null. */
export interface Path {
  readonly steps: readonly Value[];
  readonly fallback?: Value;
}

/** Follows a path into a value. */
export function readPath(budget: Budget, from: Value, { steps, fallback = null }: Path): Value {
  return steps.reduce<Value>((value, step) => {
    const found = itemOf(budget, value, step);
    return found instanceof Undefined && fallback !== null ? fallback : found;
  }, from);
}
