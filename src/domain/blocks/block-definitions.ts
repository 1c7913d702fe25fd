import { isRecord } from "../../kit/schema/schema.ts";

export type Json = Readonly<Record<string, unknown>>;

/** Every `$ref` in a schema, at any depth, in the order of the text. */
export function referenceStrings(schema: unknown): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(referenceStrings);
  if (!isRecord(schema)) return [];
  const own = typeof schema.$ref === "string" && schema.$ref !== "" ? [schema.$ref] : [];
  return [...own, ...Object.values(schema).flatMap(referenceStrings)];
}

/** The key in `definitions` that a `$ref` names. */
export function definitionKey(reference: string): string {
  return reference.replaceAll("#/definitions/", "");
}

/** Those definitions that a schema refers to, directly or through each other, and that are no blocks themselves. */
export function nonBlockDefinitions(schema: unknown, definitions: Json): Json {
  const found = new Map<string, unknown>();
  const visit = (part: unknown) => {
    for (const key of referenceStrings(part).map(definitionKey)) {
      const definition = Object.hasOwn(definitions, key) ? definitions[key] : undefined;
      // An empty definition counts for none: checksums depend on it.
      if (found.has(key) || !isRecord(definition) || Object.keys(definition).length === 0) continue;
      if (definition.block_type_slug !== undefined && definition.block_type_slug !== null) continue;
      found.set(key, definition);
      visit(definition);
    }
  };
  visit(schema);
  return Object.fromEntries(found);
}

/** The definitions of a schema, if it has any. */
export function definitionsOf(fields: Json): Json | undefined {
  const { definitions } = fields;
  return isRecord(definitions) && Object.keys(definitions).length > 0 ? definitions : undefined;
}
