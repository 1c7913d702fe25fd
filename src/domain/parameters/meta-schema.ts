import type { JsonObject } from "./json-types.ts";

const schema = { $ref: "#" };
const text = { type: "string" };
const schemas = { type: "object", additionalProperties: schema };
const schemaList = { type: "array", minItems: 1, items: schema };
const texts = { type: "array", items: text, uniqueItems: true };
const count = { type: "integer", minimum: 0 };
const number = { type: "number" };
const flag = { type: "boolean" };
const name = { type: "string", pattern: "^[A-Za-z_][-A-Za-z0-9._]*$" };
const typeName = { enum: ["array", "boolean", "integer", "null", "number", "object", "string"] };

/** The keywords of one vocabulary, each of which is looked at before the next vocabulary is. */
const vocabulary = (properties: JsonObject) => ({ type: ["object", "boolean"], properties });

/** What a JSON Schema of 2020-12 has to be like, as a schema; without the formats of URIs and of regular expressions. */
export const META_SCHEMA: JsonObject = {
  allOf: [
    vocabulary({
      $id: { type: "string", pattern: "^[^#]*#?$" },
      $schema: text,
      $ref: text,
      $anchor: name,
      $dynamicRef: text,
      $dynamicAnchor: name,
      $vocabulary: { type: "object", additionalProperties: flag },
      $comment: text,
      $defs: schemas,
    }),
    vocabulary({
      prefixItems: schemaList,
      items: schema,
      contains: schema,
      additionalProperties: schema,
      properties: schemas,
      patternProperties: schemas,
      dependentSchemas: schemas,
      propertyNames: schema,
      if: schema,
      // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema.
      then: schema,
      else: schema,
      allOf: schemaList,
      anyOf: schemaList,
      oneOf: schemaList,
      not: schema,
    }),
    vocabulary({ unevaluatedItems: schema, unevaluatedProperties: schema }),
    vocabulary({
      type: { anyOf: [typeName, { type: "array", items: typeName, minItems: 1, uniqueItems: true }] },
      enum: { type: "array" },
      multipleOf: { type: "number", exclusiveMinimum: 0 },
      maximum: number,
      exclusiveMaximum: number,
      minimum: number,
      exclusiveMinimum: number,
      maxLength: count,
      minLength: count,
      pattern: text,
      maxItems: count,
      minItems: count,
      uniqueItems: flag,
      maxContains: count,
      minContains: count,
      maxProperties: count,
      minProperties: count,
      required: texts,
      dependentRequired: { type: "object", additionalProperties: texts },
    }),
    vocabulary({
      title: text,
      description: text,
      deprecated: flag,
      readOnly: flag,
      writeOnly: flag,
      examples: { type: "array" },
    }),
    vocabulary({ format: text }),
    vocabulary({ contentEncoding: text, contentMediaType: text, contentSchema: schema }),
  ],
  type: ["object", "boolean"],
  properties: {
    definitions: schemas,
    dependencies: { type: "object", additionalProperties: { anyOf: [schema, texts] } },
    $recursiveAnchor: name,
    $recursiveRef: text,
  },
};
