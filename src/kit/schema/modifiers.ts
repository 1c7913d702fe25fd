import { defineSchema, Failure, fail, type JsonSchemaNode, type Schema } from "./core.ts";

/** Any JSON value, kept as it came (numbers of `parseJson` included). */
export function json(): Schema<unknown> {
  return defineSchema<unknown>({ label: "any", jsonSchema: {}, run: (input) => input });
}

/** Checks a value that already fits; `check` returns what is wrong with it, or undefined. `label` as in `Schema`. */
export function refine<T>(schema: Schema<T>, check: (value: T) => string | undefined, label?: string): Schema<T> {
  return derive(schema, label ?? schema.label, (input) => {
    const value = schema.run(input);
    if (value instanceof Failure) return value;
    const message = check(value);
    return message === undefined ? value : valueError(message, input);
  });
}

/** Checks the raw input before the schema sees it; `check` returns what is wrong with it, or undefined. */
export function guard<T>(schema: Schema<T>, check: (input: unknown) => string | undefined): Schema<T> {
  return derive(schema, schema.label, (input) => {
    const message = check(input);
    return message === undefined ? schema.run(input) : valueError(message, input);
  });
}

/** Gives a schema that is no object a name: it becomes a component. */
export function named<T>(name: string, schema: Schema<T>): Schema<T> {
  return defineSchema<T>({
    label: name,
    jsonSchema: { $ref: `#/components/schemas/${name}` },
    component: { name, node: schema.jsonSchema },
    children: schema.children,
    run: schema.run,
    isExact: schema.isExact,
    countFields: schema.countFields,
  });
}

/** Turns a value that fits into another; documented as the schema it starts from. */
export function transform<T, U>(schema: Schema<T>, convert: (value: T) => U): Schema<U> {
  return derive(schema, schema.label, (input) => {
    const value = schema.run(input);
    return value instanceof Failure ? value : convert(value);
  });
}

/** Changes the input before the schema sees it; for forms that older clients send. */
export function preprocess<T>(schema: Schema<T>, prepare: (input: unknown) => unknown): Schema<T> {
  return derive(schema, schema.label, (input) => schema.run(prepare(input)));
}

/** Checks by the schema but keeps the input untouched, so that `1.0` and integers beyond 2^53 survive. */
export function asGiven(schema: Schema<unknown>): Schema<unknown> {
  return derive<unknown>(schema, schema.label, (input) => {
    const value = schema.run(input);
    return value instanceof Failure ? value : input;
  });
}

/** The same values with a changed documentation: `keywords` are merged, or `replace` stands alone. */
export function documented<T>(
  schema: Schema<T>,
  how: { readonly keywords: JsonSchemaNode } | { readonly replace: JsonSchemaNode },
): Schema<T> {
  const jsonSchema = "replace" in how ? how.replace : { ...schema.jsonSchema, ...how.keywords };
  return defineSchema<T>({
    label: schema.label,
    jsonSchema,
    component: "replace" in how ? undefined : schema.component,
    children: "replace" in how ? [schema] : schema.children,
    run: schema.run,
    isExact: schema.isExact,
    countFields: schema.countFields,
  });
}

/** Reads what `pick` chooses a schema for by that one; labelled and documented as `schema`, which reads the rest. */
export function switched<T>(schema: Schema<T>, pick: (input: unknown) => Schema<T> | undefined): Schema<T> {
  return derive(schema, schema.label, (input) => (pick(input) ?? schema).run(input));
}

/** A schema that refers to itself; `name` is the component it will turn out to be. `label` as in `Schema`. */
export function lazy<T>(name: string, make: () => Schema<T>, label: string = name): Schema<T> {
  let made: Schema<T> | undefined;
  const schema = () => {
    made ??= make();
    return made;
  };
  const lazily = defineSchema<T>({
    label,
    jsonSchema: { $ref: `#/components/schemas/${name}` },
    run: (input) => schema().run(input),
    isExact: (input) => schema().isExact(input),
    countFields: (input) => schema().countFields(input),
  });
  return {
    ...lazily,
    // Asked for when the document is made: by then it is there.
    get children() {
      return [schema()];
    },
  };
}

/** The error of a check written by hand, as pydantic reports a raised `ValueError`. */
export function valueError(message: string, input: unknown): Failure {
  return fail("value_error", `Value error, ${message}`, { input, ctx: { error: {} } });
}

function derive<T>(schema: Schema<unknown>, label: string, run: (input: unknown) => T | Failure): Schema<T> {
  return defineSchema<T>({
    label,
    jsonSchema: schema.jsonSchema,
    component: schema.component,
    children: schema.children,
    isExact: schema.isExact,
    countFields: schema.countFields,
    run,
  });
}
