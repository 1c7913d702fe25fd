import { definitionsOf, type Json } from "./block-definitions.ts";

/** A schema as it is stored: without the definitions of nested blocks. */
export interface StoredSchema {
  readonly checksum: string;
  /** Slug of its block type. */
  readonly slug: string;
  readonly fields: Json;
}

/** Schemas and what is nested in them, by id. */
export interface SchemaFamily {
  readonly schemas: ReadonlyMap<string, StoredSchema>;
  readonly nested: ReadonlyMap<string, readonly { readonly name: string; readonly id: string }[]>;
}

/** Puts back what was taken out when a schema was stored: the references to nested blocks, and their definitions. */
export function fullFields(family: SchemaFamily, id: string, above: ReadonlySet<string> = new Set()): Json {
  const schema = family.schemas.get(id);
  if (schema === undefined) return {};
  const within = new Set(above).add(id);
  const children = (family.nested.get(id) ?? []).filter(
    (child) => family.schemas.has(child.id) && !within.has(child.id),
  );
  const definitions = new Map(Object.entries(definitionsOf(schema.fields) ?? {}));
  for (const child of new Map(children.map((each) => [each.id, each])).values()) {
    const { definitions: inner, ...fields } = fullFields(family, child.id, within);
    if (fields.title === undefined || fields.title === null) continue;
    definitions.set(String(fields.title), fields);
    for (const [key, definition] of Object.entries((inner ?? {}) as Json)) definitions.set(key, definition);
  }
  return {
    ...schema.fields,
    block_schema_references: referencesTo(family, children),
    ...(definitions.size > 0 ? { definitions: Object.fromEntries(definitions) } : {}),
  };
}

/** By field: one reference, or a list where a field takes several kinds of blocks. */
function referencesTo(family: SchemaFamily, children: readonly { name: string; id: string }[]): Json {
  const byName = Map.groupBy(children, (child) => child.name);
  const entries = [...byName].map(([name, group]) => {
    const distinct = new Map(
      group.map(({ id }) => {
        const { checksum = "", slug = "" } = family.schemas.get(id) ?? {};
        return [`${checksum} ${slug}`, { block_schema_checksum: checksum, block_type_slug: slug }];
      }),
    );
    const [only, ...more] = distinct.values();
    return [name, more.length === 0 ? only : [only, ...more]];
  });
  return Object.fromEntries(entries);
}
