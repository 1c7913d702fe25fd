import { isObject, type JsonObject } from "./json-types.ts";

/**
 * Makes up for what Pydantic 1 wrote, which is not valid JSON Schema 2020-12: optional fields whose type lacks null, and
 * tuples as a list of `items`.
 */
export function preprocessSchema(schema: JsonObject, allowNoneWithDefault: boolean): JsonObject {
  const fixed = fixObject(schema, allowNoneWithDefault);
  if (!isObject(fixed.definitions)) return fixed;
  const definitions: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(fixed.definitions)) {
    definitions[name] = isObject(definition) ? fixObject(definition, allowNoneWithDefault) : definition;
  }
  for (const definition of Object.values(definitions)) {
    // Blocks may also be given by the id of their document.
    if (isObject(definition) && definition.block_type_slug !== undefined) {
      definitions[String(definition.title)] = { oneOf: [definition, BLOCK_REFERENCE] };
    }
  }
  return { ...fixed, definitions };
}

const BLOCK_REFERENCE = {
  type: "object",
  properties: {
    $ref: {
      oneOf: [
        { type: "string", format: "uuid" },
        { type: "object", additionalProperties: { type: "string" }, minProperties: 1 },
      ],
    },
  },
  required: ["$ref"],
};

function fixObject(schema: JsonObject, allowNoneWithDefault: boolean): JsonObject {
  if (!isObject(schema.properties)) return schema;
  const required = Array.isArray(schema.required) ? schema.required : [];
  const entries = Object.entries(schema.properties).map(([name, property]) => {
    if (!isObject(property)) return [name, property];
    const isOptional = !required.includes(name) && (!("default" in property) || allowNoneWithDefault);
    return [name, fixObject(fixTuple(isOptional ? allowNull(property) : property), allowNoneWithDefault)];
  });
  return { ...schema, properties: Object.fromEntries(entries) };
}

function allowNull(property: JsonObject): JsonObject {
  const { type, ...rest } = property;
  if (type === undefined || type === "null") return property;
  return { ...rest, anyOf: [{ type }, { type: "null" }] };
}

function fixTuple(property: JsonObject): JsonObject {
  const { items, ...rest } = property;
  if (!Array.isArray(items) || items.length === 0 || property.prefixItems !== undefined) return property;
  return { ...rest, prefixItems: items };
}
