import { characters, textLength } from "./text.ts";
import {
  Dict,
  Iteration,
  isList,
  isText,
  Markup,
  Range,
  TemplateFailure,
  Thing,
  Tuple,
  typeName,
  Undefined,
  type Value,
  View,
} from "./values.ts";

/** Everything in a value that can be gone through. @throws TemplateFailure */
export function items(value: Value, refusal = (type: string) => `'${type}' object is not iterable`): readonly Value[] {
  if (isList(value)) return value;
  if (value instanceof Tuple || value instanceof View) return value.items;
  if (typeof value === "string") return characters(value);
  if (value instanceof Markup) return characters(value.text);
  if (value instanceof Dict) return value.entries().map(([key]) => key);
  if (value instanceof Range) return Array.from({ length: value.length }, (_, index) => value.at(index));
  if (value instanceof Undefined) return [];
  if (value instanceof Iteration) return drain(value);
  if (value instanceof Thing && value.items) return value.items;
  throw new TemplateFailure("TypeError", refusal(typeName(value)));
}

function drain(iteration: Iteration): readonly Value[] {
  const all: Value[] = [];
  for (let item = iteration.next(); item !== undefined; item = iteration.next()) all.push(item);
  return all;
}

/** @throws TemplateFailure for what has no length */
export function lengthOf(value: Value): number {
  if (typeof value === "string") return textLength(value);
  if (value instanceof Markup) return textLength(value.text);
  if (isList(value)) return value.length;
  if (value instanceof Tuple || value instanceof View) return value.items.length;
  if (value instanceof Dict) return value.size;
  if (value instanceof Range) return value.length;
  if (value instanceof Undefined) return 0;
  if (value instanceof Thing && value.items) return value.items.length;
  throw new TemplateFailure("TypeError", `object of type '${typeName(value)}' has no len()`);
}

export interface SliceBounds {
  readonly start: Value;
  readonly stop: Value;
  readonly step: Value;
}

/** `value[start:stop:step]`; undefined where Jinja finds nothing. @throws TemplateFailure */
export function sliceOf(value: Value, bounds: SliceBounds): Value | undefined {
  if (value instanceof Undefined) return value;
  if (!isText(value) && !isList(value) && !(value instanceof Tuple) && !(value instanceof Range)) return undefined;
  const step = bound(bounds.step) ?? 1;
  if (step === 0) throw new TemplateFailure("ValueError", "slice step cannot be zero");
  const all = items(value);
  const picked = pick(all, { start: bound(bounds.start), stop: bound(bounds.stop), step });
  if (typeof value === "string") return picked.join("");
  if (value instanceof Markup) return new Markup(picked.join(""));
  return value instanceof Tuple ? new Tuple(picked) : picked;
}

function bound(value: Value): number | undefined {
  if (value === null) return undefined;
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "bigint") return Number(value);
  throw new TemplateFailure("TypeError", "slice indices must be integers or None or have an __index__ method");
}

function pick(
  all: readonly Value[],
  {
    start,
    stop,
    step,
  }: { readonly start: number | undefined; readonly stop: number | undefined; readonly step: number },
): readonly Value[] {
  const [low, high] = step > 0 ? [0, all.length] : [-1, all.length - 1];
  const clamp = (index: number) => Math.min(high, Math.max(low, index < 0 ? index + all.length : index));
  const from = start === undefined ? (step > 0 ? low : high) : clamp(start);
  const to = stop === undefined ? (step > 0 ? high : low) : clamp(stop);
  const picked: Value[] = [];
  for (let at = from; step > 0 ? at < to : at > to; at += step) picked.push(all[at] as Value);
  return picked;
}

/** The item at an index that may count from the end; undefined when there is none. */
export function itemAt(value: Value, index: bigint): Value | undefined {
  if (!isText(value) && !isList(value) && !(value instanceof Tuple) && !(value instanceof Range)) return undefined;
  return items(value).at(Number(index));
}
