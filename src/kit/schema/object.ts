import { isRecord, missing } from "./collections.ts";
import {
  defineSchema,
  Failure,
  fail,
  type JsonSchemaNode,
  prefixIssues,
  type Schema,
  type ValidationIssue,
} from "./core.ts";
import { notObject } from "./unions.ts";

export interface OptionalField<T> {
  readonly presence: "optional";
  readonly schema: Schema<T>;
  /** The documented default, for partial updates that document one but leave an absent key alone. */
  readonly shown: unknown;
}
export interface DefaultedField<T> {
  readonly presence: "defaulted";
  readonly schema: Schema<T>;
  readonly makeDefault: () => T;
  /** The default as documented, or undefined when it is not: null and made-up values are not. */
  readonly shown: unknown;
}
export interface SuppliedField<T> {
  readonly presence: "supplied";
  readonly schema: Schema<T>;
}

export type Field<T = unknown> = Schema<T> | OptionalField<T> | DefaultedField<T> | SuppliedField<T>;
export type Fields = Readonly<Record<string, Field>>;

type FieldValue<F> = F extends Schema<infer T> ? T : F extends { readonly schema: Schema<infer T> } ? T : never;
type OptionalKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends OptionalField<unknown> ? K : never;
}[keyof F];

/** The value of an object schema with these fields. */
export type ObjectValue<F extends Fields> = {
  readonly [K in Exclude<keyof F, OptionalKeys<F>>]: FieldValue<F[K]>;
} & { readonly [K in OptionalKeys<F>]?: FieldValue<F[K]> } extends infer Both
  ? { readonly [K in keyof Both]: Both[K] }
  : never;

export interface ObjectSchema<F extends Fields> extends Schema<ObjectValue<F>> {
  /** The fields as given, for spreading into another object. */
  readonly fields: F;
}

/** The key may be absent and then stays absent; `shown` is a default to document all the same. */
export function optional<T>(schema: Schema<T>, shown?: NoInfer<T>): OptionalField<T> {
  return { presence: "optional", schema, shown };
}

/** An absent key takes the default: a value, or what a function makes (then it is not documented). */
export function defaulted<T>(schema: Schema<T>, fallback: NoInfer<T> | (() => NoInfer<T>)): DefaultedField<T> {
  const makeDefault = isFactory(fallback) ? fallback : () => fallback;
  return {
    presence: "defaulted",
    schema,
    makeDefault,
    shown: isFactory(fallback) ? undefined : (fallback ?? undefined),
  };
}

/** Always there in a value, though documented as if it had a default (the reference fills it when it builds the object). */
export function supplied<T>(schema: Schema<T>): SuppliedField<T> {
  return { presence: "supplied", schema };
}

/** Makes the value an object schema gives for `{}`; for fields whose default is "all defaults". */
export function emptyOf<T>(schema: Schema<T>): () => T {
  return () => {
    const value = schema.run({});
    if (value instanceof Failure) throw new TypeError(`${schema.label} has no value for an empty object.`);
    return value;
  };
}

export interface ObjectOptions {
  /** What to do with keys that are no field; pydantic's words. */
  readonly extra?: "forbid" | "ignore" | "allow";
  /** The class's name in error locations, where it differs from the component's (`Schedule` for `Schedule-Input`). */
  readonly label?: string;
}

/** An object with named fields, documented as component `name`. The value has the fields in declared order. */
export function object<const F extends Fields>(name: string, fields: F, options: ObjectOptions = {}): ObjectSchema<F> {
  const plan = compile(fields);
  const extra = options.extra ?? "ignore";
  const schema = defineSchema<ObjectValue<F>>({
    label: options.label ?? name,
    jsonSchema: { $ref: `#/components/schemas/${name}` },
    component: { name, node: objectNode(plan, extra) },
    children: plan.map((field) => field.schema),
    isExact: isRecord,
    countFields: (input) => plan.filter((field) => isRecord(input) && input[field.key] !== undefined).length,
    run: (input) => (isRecord(input) ? (runFields(plan, input, extra) as ObjectValue<F> | Failure) : notObject(input)),
  });
  return { ...schema, fields };
}

type Extra = NonNullable<ObjectOptions["extra"]>;

interface PlannedField {
  readonly key: string;
  readonly schema: Schema<unknown>;
  readonly run: (input: unknown) => unknown;
  readonly isRequired: boolean;
  readonly isListed: boolean;
  readonly makeDefault: (() => unknown) | undefined;
  readonly shown: unknown;
}

function compile(fields: Fields): readonly PlannedField[] {
  return Object.entries(fields).map(([key, field]) => {
    // Reading such a key from an object without it would find Object.prototype's.
    if (key in Object.prototype) throw new TypeError(`"${key}" cannot be the name of a field.`);
    const presence = "presence" in field ? field.presence : "required";
    const schema = "presence" in field ? field.schema : field;
    const fallback = "presence" in field && field.presence === "defaulted" ? field : undefined;
    return {
      key,
      schema,
      run: schema.run,
      isRequired: presence === "required" || presence === "supplied",
      isListed: presence === "required",
      makeDefault: fallback?.makeDefault,
      shown: "shown" in field ? field.shown : undefined,
    };
  });
}

function runFields(plan: readonly PlannedField[], input: Record<string, unknown>, extra: Extra) {
  const output: Record<string, unknown> = {};
  let issues: ValidationIssue[] | undefined;
  let known = 0;
  for (const field of plan) {
    const given = input[field.key];
    if (given === undefined) {
      if (field.makeDefault !== undefined) output[field.key] = field.makeDefault();
      else if (field.isRequired) issues = addIssues(issues, field.key, missing(input));
      continue;
    }
    known += 1;
    const value = field.run(given);
    if (value instanceof Failure) issues = addIssues(issues, field.key, value);
    else output[field.key] = value;
  }
  if (extra === "allow") copyExtra(plan, input, output);
  else if (extra === "forbid" && hasMoreKeys(input, known)) issues = addExtraIssues(issues, plan, input);
  return issues === undefined ? output : new Failure(issues);
}

/** Defines instead of assigning, so that a `__proto__` key stays data. */
function copyExtra(plan: readonly PlannedField[], input: Record<string, unknown>, output: Record<string, unknown>) {
  const declared = new Set(plan.map((field) => field.key));
  for (const key of Object.keys(input)) {
    if (declared.has(key)) continue;
    Object.defineProperty(output, key, { value: input[key], enumerable: true, writable: true, configurable: true });
  }
}

/** Counts without making a list of the keys; all of them are own, because the input comes from JSON. */
function hasMoreKeys(input: Record<string, unknown>, known: number): boolean {
  let count = 0;
  for (const key in input) if (input[key] !== undefined) count += 1;
  return count > known;
}

function addIssues(issues: ValidationIssue[] | undefined, key: string, failure: Failure): ValidationIssue[] {
  return [...(issues ?? []), ...prefixIssues(key, failure.issues)];
}

function addExtraIssues(
  issues: ValidationIssue[] | undefined,
  plan: readonly PlannedField[],
  input: Record<string, unknown>,
): ValidationIssue[] {
  const declared = new Set(plan.map((field) => field.key));
  let all = issues ?? [];
  for (const key of Object.keys(input)) {
    if (declared.has(key) || input[key] === undefined) continue;
    all = addIssues(all, key, fail("extra_forbidden", "Extra inputs are not permitted", { input: input[key] }));
  }
  return all;
}

function objectNode(plan: readonly PlannedField[], extra: Extra): JsonSchemaNode {
  const required = plan.filter((field) => field.isListed).map((field) => field.key);
  const describe = (field: PlannedField) =>
    field.shown === undefined ? field.schema.jsonSchema : { ...field.schema.jsonSchema, default: field.shown };
  return {
    type: "object",
    properties: Object.fromEntries(plan.map((field) => [field.key, describe(field)])),
    ...(extra === "ignore" ? {} : { additionalProperties: extra === "allow" }),
    ...(required.length > 0 ? { required } : {}),
  };
}

function isFactory<T>(fallback: T | (() => T)): fallback is () => T {
  return typeof fallback === "function";
}
