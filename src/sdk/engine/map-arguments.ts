import { isAnnotated } from "../annotations.ts";
import type { TaskDefinition } from "../definitions.ts";
import { MappedLengthsDiffer, NothingToMap } from "../errors.ts";
import { isPlainObject } from "../parameters/bind.ts";
import { withoutUnmapped } from "./nested.ts";

/** The arguments of each run of a map. Throws NOTHING_TO_MAP and MAPPED_LENGTHS_DIFFER. */
export function mapArguments(definition: TaskDefinition, args: readonly unknown[]): readonly (readonly unknown[])[] {
  const takesObject = definition.binding.hasSchema || definition.binding.signature.kind === "object";
  const [only] = args;
  if (!takesObject || !isPlainObject(only)) return spread(args.map((value, index) => [String(index), value] as const));
  const runs = spread(Object.entries(only));
  const names = Object.keys(only);
  return runs.map((values) => [Object.fromEntries(names.map((name, index) => [name, values[index]]))]);
}

type Named = readonly [name: string, value: unknown];

function spread(entries: readonly Named[]): readonly (readonly unknown[])[] {
  const lists = entries.map(([name, value]) => [name, itemsOf(value)] as const);
  const lengths = Object.fromEntries(lists.flatMap(([name, items]) => (items ? [[name, items.length]] : [])));
  const [length] = Object.values(lengths);
  if (length === undefined) throw NothingToMap();
  if (new Set(Object.values(lengths)).size > 1) throw MappedLengthsDiffer(lengths);
  return Array.from({ length }, (_, run) =>
    entries.map(([, value], index) => {
      const items = lists[index]?.[1];
      return items ? items[run] : withoutUnmapped(value);
    }),
  );
}

function itemsOf(value: unknown): readonly unknown[] | undefined {
  if (typeof value !== "object" || value === null || isAnnotated(value)) return undefined;
  if (ArrayBuffer.isView(value) || !(Symbol.iterator in value)) return undefined;
  return Array.from(value as Iterable<unknown>);
}
