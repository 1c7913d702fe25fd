import { isRecord } from "./collections.ts";
import { defineSchema, Failure, fail, type Infer, prefixIssues, type Schema, type ValidationIssue } from "./core.ts";

/** The schema's value or null. */
export function nullable<T>(schema: Schema<T>): Schema<T | null> {
  return defineSchema<T | null>({
    label: `nullable[${schema.label}]`,
    jsonSchema: { anyOf: [...alternatives(schema), { type: "null" }] },
    children: [schema],
    isExact: (input) => input === null || schema.isExact(input),
    countFields: schema.countFields,
    run: (input) => (input === null ? null : schema.run(input)),
  });
}

/**
 * The member that fits best, as pydantic's smart mode picks it: most fields given, then no coercion, then the order.
 * When none fits, the issues of every member, each under the member's label.
 */
export function union<const Members extends readonly Schema<unknown>[]>(
  members: Members,
): Schema<Infer<Members[number]>> {
  type Value = Infer<Members[number]>;
  return defineSchema<Value>({
    label: `union[${members.map((member) => member.label).join(",")}]`,
    jsonSchema: { anyOf: members.map((member) => member.jsonSchema) },
    children: members,
    isExact: (input) => members.some((member) => member.isExact(input)),
    run: (input) => chooseMember(members, input) as Value | Failure,
  });
}

/** One of several object schemas, told apart by the text in field `key`. */
export function discriminated<const Members extends Readonly<Record<string, Schema<unknown>>>>(
  key: string,
  members: Members,
): Schema<Infer<Members[keyof Members]>> {
  type Value = Infer<Members[keyof Members]>;
  const byTag = new Map<unknown, Schema<unknown>>(Object.entries(members));
  const expected = [...byTag.keys()].map((tag) => `'${tag}'`).join(", ");
  return defineSchema<Value>({
    label: `tagged-union[${[...byTag.values()].map((member) => member.label).join(",")}]`,
    jsonSchema: { oneOf: [...byTag.values()].map((member) => member.jsonSchema), discriminator: { propertyName: key } },
    children: [...byTag.values()],
    run(input) {
      if (!isRecord(input)) return notObject(input);
      if (!Object.hasOwn(input, key)) {
        const msg = `Unable to extract tag using discriminator '${key}'`;
        return fail("union_tag_not_found", msg, { input, ctx: { discriminator: `'${key}'` } });
      }
      const tag = input[key];
      const member = byTag.get(tag);
      if (member === undefined) return unknownTag({ key, expected }, tag, input);
      const value = member.run(input);
      return value instanceof Failure ? new Failure(prefixIssues(String(tag), value.issues)) : (value as Value);
    },
  });
}

/** The error for something that should have been an object. */
export function notObject(input: unknown): Failure {
  return fail("model_attributes_type", "Input should be a valid dictionary or object to extract fields from", {
    input,
  });
}

function unknownTag(union: { key: string; expected: string }, tag: unknown, input: unknown): Failure {
  const shown = tag === null ? "None" : String(tag);
  const msg = `Input tag '${shown}' found using '${union.key}' does not match any of the expected tags: ${union.expected}`;
  const ctx = { discriminator: `'${union.key}'`, tag: shown, expected_tags: union.expected };
  return fail("union_tag_invalid", msg, { input, ctx });
}

function chooseMember(members: readonly Schema<unknown>[], input: unknown): unknown {
  let best: { value: unknown; fields: number; exact: boolean } | undefined;
  const issues: ValidationIssue[] = [];
  for (const member of members) {
    const value = member.run(input);
    if (value instanceof Failure) {
      issues.push(...prefixIssues(member.label, value.issues));
      continue;
    }
    const fields = member.countFields(input) ?? -1;
    const exact = member.isExact(input);
    if (fields === -1 && exact) return value;
    if (best === undefined || fields > best.fields || (fields === best.fields && exact && !best.exact)) {
      best = { value, fields, exact };
    }
  }
  return best === undefined ? new Failure(issues) : best.value;
}

/** A nullable union is documented flat. */
function alternatives(schema: Schema<unknown>): readonly unknown[] {
  const nested = schema.jsonSchema.anyOf;
  return Array.isArray(nested) ? nested : [schema.jsonSchema];
}
