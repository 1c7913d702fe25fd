import type { JsonSchemaNode, Schema } from "./core.ts";

/** Every component the schemas refer to, however deep, by name. The first schema of a name wins. */
export function collectComponents(schemas: Iterable<Schema<unknown>>): ReadonlyMap<string, JsonSchemaNode> {
  const components = new Map<string, JsonSchemaNode>();
  const seen = new Set<Schema<unknown>>();
  const pending = [...schemas];
  for (let schema = pending.pop(); schema !== undefined; schema = pending.pop()) {
    if (seen.has(schema)) continue;
    seen.add(schema);
    const { component } = schema;
    if (component !== undefined && !components.has(component.name)) components.set(component.name, component.node);
    pending.push(...schema.children);
  }
  return components;
}

/** True when some text in a JSON value holds half a surrogate pair, which no UTF-8 can carry. Does not recurse. */
export function hasLoneSurrogate(json: unknown): boolean {
  const pending: unknown[] = [json];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value === "string") {
      if (!value.isWellFormed()) return true;
    } else if (typeof value === "object" && value !== null) {
      for (const [key, entry] of Object.entries(value)) pending.push(key, entry);
    }
  }
  return false;
}
