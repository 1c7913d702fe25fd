import { defineSchema, type Failure, fail, type Schema } from "./core.ts";

export interface StringOptions {
  readonly minLength?: number;
  readonly maxLength?: number;
  /** A regular expression that Rust's and JavaScript's engines read alike. */
  readonly pattern?: string;
  /** JSON Schema `format`; documentation only. */
  readonly format?: string;
}

/** Text. Lengths count code points; a lone surrogate is refused because no UTF-8 can carry it. */
export function string(options: StringOptions = {}): Schema<string> {
  const { minLength, maxLength, pattern, format } = options;
  const check = stringChecks(options);
  return defineSchema({
    label: minLength === undefined && maxLength === undefined && pattern === undefined ? "str" : "constrained-str",
    jsonSchema: {
      type: "string",
      ...(format === undefined ? {} : { format }),
      ...(minLength === undefined ? {} : { minLength }),
      ...(maxLength === undefined ? {} : { maxLength }),
      ...(pattern === undefined ? {} : { pattern }),
    },
    run(input) {
      if (typeof input !== "string") return fail("string_type", "Input should be a valid string", { input });
      if (!input.isWellFormed()) return notUnicode(input);
      return check?.(input) ?? input;
    },
  });
}

/** Text that Python holds as bytes: the same, but for the words that refuse anything else. */
export function bytes(): Schema<string> {
  return defineSchema({
    label: "bytes",
    jsonSchema: { type: "string", contentMediaType: "application/octet-stream" },
    run(input) {
      if (typeof input !== "string") return fail("bytes_type", "Input should be a valid bytes", { input });
      return input.isWellFormed() ? input : notUnicode(input);
    },
  });
}

/** The error for text that is not valid Unicode. */
export function notUnicode(input: string): Failure {
  const shown = input.toWellFormed();
  return fail("string_unicode", "Input should be a valid string, unable to parse raw data as a unicode string", {
    input: shown,
  });
}

/** One literal value. */
export function literal<const T extends string | number | boolean>(value: T): Schema<T> {
  const expected = quote(value);
  return defineSchema<T>({
    label: `literal[${expected}]`,
    jsonSchema: { type: jsonType(value), const: value },
    run: (input) =>
      input === value
        ? value
        : fail("literal_error", `Input should be ${expected}`, { input: shownInput(input), ctx: { expected } }),
  });
}

/** One of several strings. With a name it is a component and fails as a Python enum does, without as a `Literal`. */
export function oneOf<const T extends string>(values: readonly T[], name?: string): Schema<T> {
  return choice(values, { expected: listAlternatives(values.map(quote)), name });
}

/** The same for some members of the Python enum `enumName`, which its errors name. */
export function oneOfMembers<const T extends string>(values: readonly T[], enumName: string): Schema<T> {
  return choice(values, { expected: listAlternatives(values.map((value) => `${enumName}.${value}`)), name: undefined });
}

function choice<const T extends string>(
  values: readonly T[],
  { expected, name }: { readonly expected: string; readonly name: string | undefined },
): Schema<T> {
  const known: ReadonlySet<unknown> = new Set(values);
  const type = name === undefined ? "literal_error" : "enum";
  const node = { type: "string", enum: values };
  return defineSchema<T>({
    label: name ?? `literal[${values.map(quote).join(",")}]`,
    jsonSchema: name === undefined ? node : { $ref: `#/components/schemas/${name}` },
    component: name === undefined ? undefined : { name, node },
    run: (input) =>
      known.has(input)
        ? (input as T)
        : fail(type, `Input should be ${expected}`, { input: shownInput(input), ctx: { expected } }),
  });
}

function stringChecks(options: StringOptions): ((input: string) => Failure | undefined) | undefined {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern } = options;
  if (minLength === 0 && maxLength === Number.POSITIVE_INFINITY && pattern === undefined) return undefined;
  const expression = pattern === undefined ? undefined : new RegExp(pattern, "u");
  const plural = (count: number) => `${count} character${count === 1 ? "" : "s"}`;
  return (input) => {
    if (minLength > 0 && codePoints(input) < minLength) {
      const msg = `String should have at least ${plural(minLength)}`;
      return fail("string_too_short", msg, { input, ctx: { min_length: minLength } });
    }
    if (input.length > maxLength && codePoints(input) > maxLength) {
      const msg = `String should have at most ${plural(maxLength)}`;
      return fail("string_too_long", msg, { input, ctx: { max_length: maxLength } });
    }
    if (expression === undefined || expression.test(input)) return undefined;
    return fail("string_pattern_mismatch", `String should match pattern '${pattern}'`, { input, ctx: { pattern } });
  };
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Error bodies are UTF-8 too. */
function shownInput(input: unknown): unknown {
  return typeof input === "string" ? input.toWellFormed() : input;
}

function quote(value: string | number | boolean): string {
  return typeof value === "string" ? `'${value}'` : String(value);
}

function jsonType(value: string | number | boolean): string {
  if (typeof value === "string") return "string";
  return typeof value === "boolean" ? "boolean" : "integer";
}

/** `a, b or c`. */
function listAlternatives(values: readonly string[]): string {
  const rest = [...values];
  const last = rest.pop() ?? "";
  return rest.length === 0 ? last : `${rest.join(", ")} or ${last}`;
}
