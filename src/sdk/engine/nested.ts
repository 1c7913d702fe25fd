import { allowsFailure, isAnnotated, isUnmapped } from "../annotations.ts";
import { isPlainObject } from "../parameters/bind.ts";

/** Returned by a visitor to look inside the value. */
export const DESCEND: unique symbol = Symbol("prefect.descend");

export type Visit = (item: unknown, context: { readonly allowFailure: boolean }) => unknown;

/**
 * Replaces values anywhere inside arrays, maps, sets and plain objects, and takes annotations off. A collection in which
 * nothing changed is returned itself, not a copy, because runs are tracked by the identity of what they returned.
 */
export function mapNested(value: unknown, visit: Visit): unknown {
  return mapValue(value, { visit, allowFailure: false, ancestors: new Set() });
}

interface Walk {
  readonly visit: Visit;
  readonly allowFailure: boolean;
  /** Guards against cycles. */
  readonly ancestors: Set<unknown>;
}

function mapValue(value: unknown, walk: Walk): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isAnnotated(value))
    return mapValue(value.value, { ...walk, allowFailure: walk.allowFailure || allowsFailure(value) });
  const replaced = walk.visit(value, walk);
  if (replaced !== DESCEND) return replaced;
  if (walk.ancestors.has(value)) return value;
  walk.ancestors.add(value);
  const mapped = mapCollection(value, walk);
  walk.ancestors.delete(value);
  return mapped;
}

function mapCollection(value: object, walk: Walk): unknown {
  if (Array.isArray(value)) return mapArray(value, walk);
  if (value instanceof Map) return mapMap(value, walk);
  if (value instanceof Set) return mapSet(value, walk);
  return isPlainObject(value) ? mapObject(value, walk) : value;
}

function mapArray(value: readonly unknown[], walk: Walk): readonly unknown[] {
  const mapped = value.map((item) => mapValue(item, walk));
  return mapped.some((item, index) => item !== value[index]) ? mapped : value;
}

function mapMap(value: Map<unknown, unknown>, walk: Walk): Map<unknown, unknown> {
  const entries = [...value];
  const mapped = mapArray(entries, walk);
  return mapped === entries ? value : new Map(mapped as [unknown, unknown][]);
}

function mapSet(value: Set<unknown>, walk: Walk): Set<unknown> {
  const items = [...value];
  const mapped = mapArray(items, walk);
  return mapped === items ? value : new Set(mapped);
}

function mapObject(value: Record<string, unknown>, walk: Walk): Record<string, unknown> {
  let changed: Record<string, unknown> | undefined;
  for (const [key, item] of Object.entries(value)) {
    const mapped = mapValue(item, walk);
    if (mapped === item) continue;
    changed ??= { ...value };
    changed[key] = mapped;
  }
  return changed ?? value;
}

/** The value without an `unmapped` around it. */
export function withoutUnmapped(value: unknown): unknown {
  return isUnmapped(value) ? value.value : value;
}
