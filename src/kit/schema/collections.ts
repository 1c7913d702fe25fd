import { rawNumberText } from "../json.ts";
import { defineSchema, Failure, fail, prefixIssues, type Schema, type ValidationIssue } from "./core.ts";

export interface ArrayOptions {
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** A JSON object that is not one of the raw numbers of `parseJson`. */
export function isRecord(input: unknown): input is Record<string, unknown> {
  return typeof input === "object" && input !== null && !Array.isArray(input) && rawNumberText(input) === undefined;
}

/** A list. Given back as it came when no item had to change. */
export function array<T>(item: Schema<T>, options: ArrayOptions = {}): Schema<readonly T[]> {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = options;
  return defineSchema<readonly T[]>({
    label: `list[${item.label}]`,
    jsonSchema: {
      type: "array",
      items: item.jsonSchema,
      ...(minLength === 0 ? {} : { minItems: minLength }),
      ...(maxLength === Number.POSITIVE_INFINITY ? {} : { maxItems: maxLength }),
    },
    children: [item],
    isExact: (input) => Array.isArray(input) && input.every((entry) => item.isExact(entry)),
    run(input) {
      if (!Array.isArray(input)) return fail("list_type", "Input should be a valid list", { input });
      if (input.length > maxLength) return wrongLength(input, { type: "too_long", limit: maxLength });
      const values = runItems(item, input);
      return !(values instanceof Failure) && values.length < minLength
        ? wrongLength(input, { type: "too_short", limit: minLength })
        : values;
    },
  });
}

/** A list without repetitions; the first of equal items stays. Items are told apart as JavaScript's `Set` does. */
export function set<T extends string | number>(item: Schema<T>): Schema<readonly T[]> {
  return defineSchema<readonly T[]>({
    label: `set[${item.label}]`,
    jsonSchema: { type: "array", items: item.jsonSchema, uniqueItems: true },
    children: [item],
    run(input) {
      if (!Array.isArray(input)) return fail("set_type", "Input should be a valid set", { input });
      const values = runItems(item, input);
      if (values instanceof Failure) return values;
      const distinct = new Set(values);
      return distinct.size === values.length ? values : [...distinct];
    },
  });
}

type TupleValue<Items extends readonly Schema<unknown>[]> = {
  readonly [Index in keyof Items]: Items[Index] extends Schema<infer T> ? T : never;
};

/** A list of fixed length whose places have their own schemas. */
export function tuple<const Items extends readonly Schema<unknown>[]>(items: Items): Schema<TupleValue<Items>> {
  return defineSchema<TupleValue<Items>>({
    label: `tuple[${items.map((item) => item.label).join(", ")}]`,
    jsonSchema: {
      type: "array",
      prefixItems: items.map((item) => item.jsonSchema),
      minItems: items.length,
      maxItems: items.length,
    },
    children: items,
    run(input) {
      if (!Array.isArray(input)) return fail("tuple_type", "Input should be a valid tuple", { input });
      if (input.length > items.length)
        return wrongLength(input, { type: "too_long", limit: items.length, kind: "Tuple" });
      const issues: ValidationIssue[] = [];
      const values = items.map((item, index) => {
        const value = index < input.length ? item.run(input[index]) : missing(input);
        if (value instanceof Failure) issues.push(...prefixIssues(index, value.issues));
        return value;
      });
      return issues.length > 0 ? new Failure(issues) : (values as TupleValue<Items>);
    },
  });
}

/** An object of free keys whose values share one schema. Keys such as `__proto__` are data like any other. */
export function record<T>(value: Schema<T>): Schema<Readonly<Record<string, T>>> {
  const isFree = Object.keys(value.jsonSchema).length === 0;
  return defineSchema<Readonly<Record<string, T>>>({
    label: `dict[str,${value.label}]`,
    jsonSchema: { type: "object", additionalProperties: isFree ? true : value.jsonSchema },
    children: [value],
    isExact: (input) => isRecord(input) && Object.values(input).every((entry) => value.isExact(entry)),
    run(input) {
      if (!isRecord(input)) return fail("dict_type", "Input should be a valid dictionary", { input });
      return isFree ? (input as Record<string, T>) : runEntries(value, input);
    },
  });
}

/** The error for an absent field. `input` is the object that lacks it. */
export function missing(input: unknown): Failure {
  return fail("missing", "Field required", { input });
}

function runItems<T>(item: Schema<T>, input: readonly unknown[]): readonly T[] | Failure {
  let issues: ValidationIssue[] | undefined;
  let changed: T[] | undefined;
  for (let index = 0; index < input.length; index += 1) {
    const value = item.run(input[index]);
    if (value instanceof Failure) {
      issues ??= [];
      issues.push(...prefixIssues(index, value.issues));
    } else if (changed !== undefined) {
      changed.push(value);
    } else if (value !== input[index]) {
      changed = input.slice(0, index) as T[];
      changed.push(value);
    }
  }
  return issues === undefined ? (changed ?? (input as readonly T[])) : new Failure(issues);
}

function runEntries<T>(schema: Schema<T>, input: Record<string, unknown>): Readonly<Record<string, T>> | Failure {
  let issues: ValidationIssue[] | undefined;
  let changed: Map<string, T> | undefined;
  for (const key of Object.keys(input)) {
    const value = schema.run(input[key]);
    if (value instanceof Failure) {
      issues ??= [];
      issues.push(...prefixIssues(key, value.issues));
    } else if (value !== input[key]) {
      changed ??= new Map();
      changed.set(key, value);
    }
  }
  if (issues !== undefined) return new Failure(issues);
  if (changed === undefined) return input as Record<string, T>;
  // fromEntries defines properties, so a `__proto__` key stays data.
  return Object.fromEntries(Object.keys(input).map((key) => [key, changed.get(key) ?? (input[key] as T)]));
}

interface LengthError {
  readonly type: "too_long" | "too_short";
  readonly limit: number;
  readonly kind?: "List" | "Tuple";
}

function wrongLength(input: readonly unknown[], error: LengthError): Failure {
  const { type, limit, kind = "List" } = error;
  const bound = type === "too_long" ? "at most" : "at least";
  const items = limit === 1 ? "item" : "items";
  const msg = `${kind} should have ${bound} ${limit} ${items} after validation, not ${input.length}`;
  const limitKey = type === "too_long" ? "max_length" : "min_length";
  return fail(type, msg, { input, ctx: { field_type: kind, [limitKey]: limit, actual_length: input.length } });
}
