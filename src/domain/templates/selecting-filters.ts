import { REQUIRED } from "./arguments.ts";
import { attributePath, readPath } from "./attribute-paths.ts";
import { attributeOf } from "./attributes.ts";
import { type Filter, type FilterCall, filter } from "./filter.ts";
import { toRepr, toText } from "./printing.ts";
import { items } from "./sequences.ts";
import { Dict, Iteration, isTrue, TemplateFailure, type Value } from "./values.ts";

export const selectingFilters: Readonly<Record<string, Filter>> = {
  attr: filter("do_attr", { obj: REQUIRED, name: REQUIRED }, ({ obj, name }, { budget }) => {
    const found = attributeOf(budget, obj, toText(name));
    // Only attributes, no items.
    return obj instanceof Dict && obj.get(name) === found ? attributeOf(budget, Dict.from([]), toText(name)) : found;
  }),
  map: (call) => new Iteration("generator", mapped(call)),
  select: (call) => new Iteration("generator", selected(call, { isKept: true, hasAttribute: false })),
  reject: (call) => new Iteration("generator", selected(call, { isKept: false, hasAttribute: false })),
  selectattr: (call) => new Iteration("generator", selected(call, { isKept: true, hasAttribute: true })),
  rejectattr: (call) => new Iteration("generator", selected(call, { isKept: false, hasAttribute: true })),
};

function* mapped(call: FilterCall): Generator<Value> {
  if (!isTrue(call.input)) return;
  const map = mapping(call);
  for (const item of items(call.input)) {
    call.budget.spend(1);
    yield map(item);
  }
}

function mapping(call: FilterCall): (item: Value) => Value {
  const [name, ...args] = call.args;
  if (name !== undefined) {
    return (item) => nameless(() => call.filter({ name: toText(name), input: item, args, named: call.named }));
  }
  const { attribute, default: fallback = null, ...unknown } = call.named;
  if (attribute === undefined) throw argumentError("map requires a filter argument");
  const [first] = Object.keys(unknown);
  if (first !== undefined) throw argumentError(`Unexpected keyword argument ${toRepr(first)}`);
  const path = attributePath(attribute);
  return (item) => readPath(call.budget, item, { steps: path, fallback });
}

interface Selection {
  readonly isKept: boolean;
  readonly hasAttribute: boolean;
}

function* selected(call: FilterCall, { isKept, hasAttribute }: Selection): Generator<Value> {
  if (!isTrue(call.input)) return;
  const attribute = hasAttribute ? call.args[0] : null;
  if (attribute === undefined) throw argumentError("Missing parameter for attribute name");
  const [name, ...args] = hasAttribute ? call.args.slice(1) : call.args;
  const path = attributePath(attribute);
  for (const item of items(call.input)) {
    call.budget.spend(1);
    const value = readPath(call.budget, item, { steps: path });
    const isSo =
      name === undefined
        ? isTrue(value)
        : nameless(() => call.test({ name: toText(name), input: value, args, named: call.named }));
    if (isSo === isKept) yield item;
  }
}

/** Called by name, an unknown filter or test fails in other words than where it stands in the template. */
function nameless<T>(apply: () => T): T {
  try {
    return apply();
  } catch (error) {
    if (!(error instanceof TemplateFailure) || !/^No (?:filter|test) named .* found\.$/.test(error.message))
      throw error;
    throw new TemplateFailure(error.type, error.message.replace(/ found\.$/, "."));
  }
}

function argumentError(message: string): TemplateFailure {
  return new TemplateFailure("FilterArgumentError", message);
}
