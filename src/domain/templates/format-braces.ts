import type { Budget } from "./budget.ts";
import { formatValue } from "./format-spec.ts";
import { toRepr, toText } from "./printing.ts";
import { type NamedValues, TemplateFailure, type Value } from "./values.ts";

/** How a field reaches into a value: `.name` or `[key]`. */
export type Reach = (value: Value, step: { readonly kind: "attribute" | "item"; readonly key: string }) => Value;

export interface BraceArguments {
  readonly args: readonly Value[];
  readonly named: NamedValues;
  readonly reach: Reach;
}

const FIELD = /\{\{|\}\}|\{((?:[^{}]|\{[^{}]*\})*)\}|[{}]/g;
const PARTS = /^([^!:]*)(?:!(.))?(?::(.*))?$/s;
const STEP = /\.([^.[]+)|\[([^\]]+)\]/g;

/** `format.format(*args, **named)`. @throws TemplateFailure */
export function formatBraces(budget: Budget, format: string, source: BraceArguments): string {
  let automatic = 0;
  const take = (name: string) => (name === "" ? String(automatic++) : name);
  const fill = (text: string): string =>
    text.replaceAll(FIELD, (whole, field?: string) => {
      if (whole === "{{" || whole === "}}") return whole.slice(1);
      if (field === undefined) throw valueError(`Single '${whole}' encountered in format string`);
      const [, name = "", conversion, spec = ""] = PARTS.exec(field) ?? [];
      const [first = ""] = /^[^.[]*/.exec(name) ?? [];
      const value = reachInto(lookUp(take(first), source), name.slice(first.length), source.reach);
      const shown = formatValue(budget, convert(value, conversion), spec.includes("{") ? fill(spec) : spec);
      budget.reserve(shown.length);
      return shown;
    });
  return fill(format);
}

function lookUp(name: string, { args, named }: BraceArguments): Value {
  if (/^\d+$/.test(name)) {
    const value = args[Number(name)];
    if (value !== undefined) return value;
    throw new TemplateFailure("IndexError", "tuple index out of range");
  }
  const value = Object.hasOwn(named, name) ? named[name] : undefined;
  if (value === undefined) throw new TemplateFailure("KeyError", name);
  return value;
}

function reachInto(start: Value, path: string, reach: Reach): Value {
  let value = start;
  for (const [, attribute, key] of path.matchAll(STEP)) {
    value = reach(
      value,
      attribute === undefined ? { kind: "item", key: key ?? "" } : { kind: "attribute", key: attribute },
    );
  }
  return value;
}

function convert(value: Value, conversion: string | undefined): Value {
  if (conversion === undefined) return value;
  if (conversion === "s") return toText(value);
  if (conversion === "r" || conversion === "a") return toRepr(value);
  throw valueError(`Unknown conversion specifier ${conversion}`);
}

function valueError(message: string): TemplateFailure {
  return new TemplateFailure("ValueError", message);
}
