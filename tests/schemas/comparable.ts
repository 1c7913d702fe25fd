const PROSE = new Set(["title", "description", "examples"]);

/**
 * A JSON Schema without its prose, and without the `pattern` of the fields in `own` (`Component.field`).
 * `required` lists are sorted: their order says nothing.
 */
export function comparable(node: unknown, own: ReadonlySet<string>, path: string): unknown {
  if (Array.isArray(node)) return node.map((item) => comparable(item, own, path));
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).filter(
    ([key, value]) => !isProse(key, value) && !(key === "pattern" && own.has(path)),
  );
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (key === "required" && Array.isArray(value)) return [key, value.toSorted()];
      if (key === "properties") return [key, comparableFields(value as Record<string, unknown>, own, path)];
      return [key, comparable(value, own, path)];
    }),
  );
}

function comparableFields(fields: Readonly<Record<string, unknown>>, own: ReadonlySet<string>, path: string) {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, comparable(field, own, `${path}.${name}`)]),
  );
}

/** Prose is text or a list; a property may be called `title` too. */
function isProse(key: string, value: unknown): boolean {
  if (key === "required" && Array.isArray(value) && value.length === 0) return true;
  return PROSE.has(key) && (typeof value === "string" || Array.isArray(value));
}
