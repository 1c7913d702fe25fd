import { asInteger } from "./arguments.ts";
import { typeError } from "./coerce.ts";
import type { Scope } from "./evaluate.ts";
import { items } from "./sequences.ts";
import { Callable, Dict, type NamedValues, Range, TemplateFailure, Thing, Tuple, type Value } from "./values.ts";

/** Longest range that the reference lets a template make. */
const MAX_RANGE = 100;

/** Gives a scope the functions that every template has. */
export function addGlobals(scope: Scope): void {
  const functions: Readonly<Record<string, Callable["call"]>> = { range, dict, namespace, cycler, joiner, lipsum };
  for (const [name, run] of Object.entries(functions)) scope.set(name, new Callable(name, run));
}

function range(args: readonly Value[]): Value {
  if (args.length === 0) throw typeError("range expected at least 1 argument, got 0");
  if (args.length > 3) throw typeError(`range expected at most 3 arguments, got ${args.length}`);
  const [first = 0n, second, step = 1n] = args.map((arg) => BigInt(asInteger(arg)));
  const made = second === undefined ? new Range(0n, first, 1n) : new Range(first, second, step);
  if (step === 0n) throw new TemplateFailure("ValueError", "range() arg 3 must not be zero");
  if (made.length <= MAX_RANGE) return made;
  throw new TemplateFailure(
    "OverflowError",
    `Range too big. The sandbox blocks ranges larger than MAX_TEMPLATE_RANGE=${MAX_RANGE}.`,
  );
}

function dict(args: readonly Value[], named: NamedValues): Value {
  if (args.length > 1) throw typeError(`dict expected at most 1 argument, got ${args.length}`);
  const [from] = args;
  const given = from instanceof Dict ? from.entries() : items(from ?? []).map(entry);
  return Dict.from([...given, ...Object.entries(named)]);
}

function entry(item: Value, index: number): readonly [Value, Value] {
  const parts = items(item, () => `cannot convert dictionary update sequence element #${index} to a sequence`);
  if (parts.length === 2) return [parts[0] as Value, parts[1] as Value];
  const why = `dictionary update sequence element #${index} has length ${parts.length}; 2 is required`;
  throw new TemplateFailure("ValueError", why);
}

function namespace(args: readonly Value[], named: NamedValues): Value {
  const fields = (dict(args, named) as Dict).entries().map(([key, value]) => [String(key), value] as const);
  return new Thing("jinja2.utils.Namespace", new Map(fields));
}

function cycler(args: readonly Value[]): Value {
  if (args.length === 0) throw new TemplateFailure("RuntimeError", "at least one item has to be provided");
  let at = 0;
  const current = () => args[at] as Value;
  const next = new Callable("next", () => {
    const value = current();
    at = (at + 1) % args.length;
    return value;
  });
  const reset = new Callable("reset", () => {
    at = 0;
    return null;
  });
  const read = (name: string): Value | undefined => ({ current: current(), next, reset, items: new Tuple(args) })[name];
  return new Thing("jinja2.utils.Cycler", new Map(), { read });
}

function joiner(args: readonly Value[]): Value {
  let isUsed = false;
  const call = () => {
    const sep = isUsed ? (args[0] ?? ", ") : "";
    isUsed = true;
    return sep;
  };
  return new Thing("jinja2.utils.Joiner", new Map(), { call });
}

/** Filler text: always the same, where Jinja throws dice. */
function lipsum(): Value {
  return "<p>Lorem ipsum dolor sit amet, consectetur adipiscing elit.</p>";
}
