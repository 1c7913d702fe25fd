import { toNumber } from "../../kit/json.ts";
import { identity, isEqual, isObject, isOfType } from "./json-types.ts";
import { pythonRepr } from "./python-repr.ts";
import type { Finding, Keyword, KeywordUse, SchemaError } from "./schema-errors.ts";

type Found = Iterable<Finding | SchemaError>;

/** What each keyword of JSON Schema 2020-12 asks for, with the messages that Python clients know. */
export const KEYWORDS: Readonly<Record<string, Keyword>> = {
  $ref: ({ value, instance, descend, resolve }) => descend(instance, resolve(String(value))),
  type({ value, instance }) {
    const types = [value].flat();
    if (types.some((type) => isOfType(instance, type))) return [];
    return [{ message: `${pythonRepr(instance)} is not of type ${types.map(pythonRepr).join(", ")}` }];
  },
  enum({ value, instance }) {
    if (!Array.isArray(value) || value.some((choice) => isEqual(choice, instance))) return [];
    return [{ message: `${pythonRepr(instance)} is not one of ${pythonRepr(value)}` }];
  },
  const: ({ value, instance }) => (isEqual(value, instance) ? [] : [{ message: `${pythonRepr(value)} was expected` }]),
  allOf: ({ value, instance, descend }) => list(value).flatMap((schema) => descend(instance, schema)),
  anyOf,
  oneOf,
  not({ value, instance, descend }) {
    if (descend(instance, value).length > 0) return [];
    return [{ message: `${pythonRepr(instance)} should not be valid under ${pythonRepr(value)}` }];
  },
  if({ value, instance, schema, descend }) {
    const branch = descend(instance, value).length === 0 ? schema.then : schema.else;
    return branch === undefined ? [] : descend(instance, branch);
  },
  properties: ({ value, instance, descend }) =>
    forObject(instance, (object) =>
      Object.entries(record(value)).flatMap(([key, schema]) =>
        Object.hasOwn(object, key) ? descend(object[key], schema, key) : [],
      ),
    ),
  patternProperties: ({ value, instance, descend, matches }) =>
    forObject(instance, (object) =>
      Object.entries(record(value)).flatMap(([pattern, schema]) =>
        Object.keys(object).flatMap((key) => (matches(pattern, key) ? descend(object[key], schema, key) : [])),
      ),
    ),
  additionalProperties,
  propertyNames: ({ value, instance, descend }) =>
    forObject(instance, (object) => Object.keys(object).flatMap((key) => descend(key, value))),
  required: ({ value, instance }) =>
    forObject(instance, (object) =>
      list(value)
        .filter((key) => !Object.hasOwn(object, String(key)))
        .map((key) => ({ message: `${pythonRepr(key)} is a required property` })),
    ),
  dependentRequired: ({ value, instance }) =>
    forObject(instance, (object) =>
      Object.entries(record(value)).flatMap(([key, needed]) =>
        Object.hasOwn(object, key)
          ? list(needed)
              .filter((each) => !Object.hasOwn(object, String(each)))
              .map((each) => ({ message: `${pythonRepr(each)} is a dependency of ${pythonRepr(key)}` }))
          : [],
      ),
    ),
  dependentSchemas: ({ value, instance, descend }) =>
    forObject(instance, (object) =>
      Object.entries(record(value)).flatMap(([key, schema]) =>
        Object.hasOwn(object, key) ? descend(instance, schema) : [],
      ),
    ),
  minProperties: ({ value, instance }) =>
    forObject(instance, (object) =>
      tooFew(instance, { count: Object.keys(object).length, least: value, text: "does not have enough properties" }),
    ),
  maxProperties: ({ value, instance }) =>
    forObject(instance, (object) =>
      tooMany(instance, { count: Object.keys(object).length, most: value, text: "has too many properties" }),
    ),
  prefixItems: ({ value, instance, descend }) =>
    forArray(instance, (items) =>
      list(value).flatMap((schema, index) => (index < items.length ? descend(items[index], schema, index) : [])),
    ),
  items,
  contains,
  minItems: ({ value, instance }) =>
    forArray(instance, ({ length }) => tooFew(instance, { count: length, least: value, text: "is too short" })),
  maxItems: ({ value, instance }) =>
    forArray(instance, ({ length }) => tooMany(instance, { count: length, most: value, text: "is too long" })),
  uniqueItems: ({ value, instance }) =>
    forArray(instance, (all) => {
      const isUnique = value !== true || new Set(all.map(identity)).size === all.length;
      return isUnique ? [] : [{ message: `${pythonRepr(instance)} has non-unique elements` }];
    }),
  minLength: ({ value, instance }) =>
    forText(instance, (text) => tooFew(text, { count: [...text].length, least: value, text: "is too short" })),
  maxLength: ({ value, instance }) =>
    forText(instance, (text) => tooMany(text, { count: [...text].length, most: value, text: "is too long" })),
  pattern: ({ value, instance, matches }) =>
    forText(instance, (text) =>
      matches(String(value), text) ? [] : [{ message: `${pythonRepr(text)} does not match ${pythonRepr(value)}` }],
    ),
  minimum: bound((number, limit) => number < limit, "is less than the minimum of"),
  maximum: bound((number, limit) => number > limit, "is greater than the maximum of"),
  exclusiveMinimum: bound((number, limit) => number <= limit, "is less than or equal to the minimum of"),
  exclusiveMaximum: bound((number, limit) => number >= limit, "is greater than or equal to the maximum of"),
  multipleOf: bound((number, divisor) => !Number.isInteger(number / divisor), "is not a multiple of"),
};

function anyOf({ value, instance, descend }: KeywordUse): Found {
  const context: SchemaError[] = [];
  for (const schema of list(value)) {
    const errors = descend(instance, schema);
    if (errors.length === 0) return [];
    context.push(...errors);
  }
  return [{ message: `${pythonRepr(instance)} is not valid under any of the given schemas`, context }];
}

function oneOf(use: KeywordUse): Found {
  const { value, instance, descend } = use;
  const valid = list(value).filter((schema) => descend(instance, schema).length === 0);
  const [first, ...more] = valid;
  if (first === undefined) return anyOf(use);
  if (more.length === 0) return [];
  const fitting = [...more, first].map(pythonRepr).join(", ");
  return [{ message: `${pythonRepr(instance)} is valid under each of ${fitting}` }];
}

function additionalProperties({ value, instance, schema, descend, matches }: KeywordUse): Found {
  return forObject(instance, (object) => {
    const patterns = Object.keys(record(schema.patternProperties));
    const extras = Object.keys(object).filter(
      (key) => !Object.hasOwn(record(schema.properties), key) && !patterns.some((pattern) => matches(pattern, key)),
    );
    if (isObject(value)) return extras.flatMap((key) => descend(object[key], value, key));
    if (value !== false || extras.length === 0) return [];
    const names = extras.sort().map(pythonRepr).join(", ");
    if (schema.patternProperties !== undefined) {
      const verb = extras.length === 1 ? "does" : "do";
      return [
        { message: `${names} ${verb} not match any of the regexes: ${patterns.sort().map(pythonRepr).join(", ")}` },
      ];
    }
    const verb = extras.length === 1 ? "was" : "were";
    return [{ message: `Additional properties are not allowed (${names} ${verb} unexpected)` }];
  });
}

function items({ value, instance, schema, descend }: KeywordUse): Found {
  return forArray(instance, (all) => {
    const prefix = list(schema.prefixItems).length;
    const rest = all.slice(prefix);
    if (rest.length === 0) return [];
    if (value !== false) return rest.flatMap((item, index) => descend(item, value, prefix + index));
    const shown = pythonRepr(rest.length === 1 ? rest[0] : rest);
    const noun = prefix === 1 ? "item" : "items";
    return [{ message: `Expected at most ${prefix} ${noun} but found ${rest.length} extra: ${shown}` }];
  });
}

function contains({ value, instance, schema, descend }: KeywordUse): Found {
  return forArray(instance, (all) => {
    const least = toNumber(schema.minContains) ?? 1;
    const most = toNumber(schema.maxContains) ?? all.length;
    const count = all.filter((item) => descend(item, value).length === 0).length;
    if (count > most) {
      return [{ keyword: "maxContains", message: `Too many items match the given schema (expected at most ${most})` }];
    }
    if (count >= least) return [];
    if (count === 0) return [{ message: `${pythonRepr(instance)} does not contain items matching the given schema` }];
    const message = `Too few items match the given schema (expected at least ${least} but only ${count} matched)`;
    return [{ keyword: "minContains", message }];
  });
}

function bound(isBroken: (number: number, limit: number) => boolean, text: string): Keyword {
  return ({ value, instance }) => {
    const [number, limit] = [toNumber(instance), toNumber(value)];
    if (number === undefined || limit === undefined || !isBroken(number, limit)) return [];
    return [{ message: `${pythonRepr(instance)} ${text} ${pythonRepr(value)}` }];
  };
}

function tooFew(instance: unknown, size: { count: number; least: unknown; text: string }): Found {
  const least = toNumber(size.least) ?? 0;
  if (size.count >= least) return [];
  return [{ message: `${pythonRepr(instance)} ${least === 1 ? "should be non-empty" : size.text}` }];
}

function tooMany(instance: unknown, size: { count: number; most: unknown; text: string }): Found {
  const most = toNumber(size.most) ?? Number.POSITIVE_INFINITY;
  if (size.count <= most) return [];
  return [{ message: `${pythonRepr(instance)} ${most === 0 ? "is expected to be empty" : size.text}` }];
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const record = (value: unknown): Readonly<Record<string, unknown>> => (isObject(value) ? value : {});
const forObject = (value: unknown, find: (object: Readonly<Record<string, unknown>>) => Found): Found =>
  isObject(value) ? find(value) : [];
const forArray = (value: unknown, find: (items: readonly unknown[]) => Found): Found =>
  Array.isArray(value) ? find(value) : [];
const forText = (value: unknown, find: (text: string) => Found): Found =>
  typeof value === "string" ? find(value) : [];
