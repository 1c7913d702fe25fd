import { bind, REQUIRED } from "./arguments.ts";
import { isEqual } from "./operators.ts";
import { toRepr } from "./printing.ts";
import { items } from "./sequences.ts";
import {
  type Call,
  Callable,
  Dict,
  isList,
  Range,
  TemplateFailure,
  Tuple,
  typeName,
  type Value,
  View,
} from "./values.ts";

/** Methods that change what they belong to: templates may not. */
export const MUTATING: Readonly<Record<string, ReadonlySet<string>>> = {
  dict: new Set(["clear", "pop", "popitem", "setdefault", "update"]),
  list: new Set(["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"]),
};

export function methodOfCollection(value: Dict | Tuple | Range | readonly Value[], name: string): Value | undefined {
  const call = value instanceof Dict ? dictMethod(value, name) : sequenceMethod(value, name);
  if (value instanceof Range && (name === "start" || name === "stop" || name === "step")) return value[name];
  return call && new Callable(name, call, { owner: typeName(value) });
}

function dictMethod(dict: Dict, name: string): Call | undefined {
  switch (name) {
    case "get":
      return (args, named) => {
        const { key, fallback } = bind({ name, parameters: { key: REQUIRED, fallback: null } }, args, named);
        return dict.get(key) ?? fallback;
      };
    case "items":
      return () =>
        new View(
          "dict_items",
          dict.entries().map((entry) => new Tuple(entry)),
        );
    case "keys":
      return () =>
        new View(
          "dict_keys",
          dict.entries().map(([key]) => key),
        );
    case "values":
      return () =>
        new View(
          "dict_values",
          dict.entries().map(([, value]) => value),
        );
    case "copy":
      return () => dict;
    default:
      return undefined;
  }
}

function sequenceMethod(value: Tuple | Range | readonly Value[], name: string): Call | undefined {
  switch (name) {
    case "count":
      return (args, named) => {
        const wanted = bind({ name, parameters: { value: REQUIRED } }, args, named).value;
        return BigInt(items(value).filter((item) => isEqual(item, wanted)).length);
      };
    case "index":
      return (args, named) => {
        const wanted = bind({ name, parameters: { value: REQUIRED } }, args, named).value;
        const index = items(value).findIndex((item) => isEqual(item, wanted));
        if (index === -1) throw new TemplateFailure("ValueError", notIn(value, wanted));
        return BigInt(index);
      };
    case "copy":
      return isList(value) ? () => value : undefined;
    default:
      return undefined;
  }
}

function notIn(value: Tuple | Range | readonly Value[], wanted: Value): string {
  if (value instanceof Tuple) return "tuple.index(x): x not in tuple";
  return `${toRepr(wanted)} is not in ${value instanceof Range ? "range" : "list"}`;
}
