import * as s from "../kit/schema/schema.ts";

/** A body made of named parts. Its absence is the same as `{}`, a null part as an absent one; unknown keys are ignored. */
export interface Parts<T> extends s.Schema<T> {
  readonly isParts: true;
  readonly fields: s.Fields;
}

/** @param name `Body_<operationId>`, the component under which the document shows it */
export function parts<const F extends s.Fields>(name: string, fields: F): Parts<s.ObjectValue<F>> {
  const schema = s.object(name, fields, { extra: "ignore" });
  const parse = (input: unknown): s.ParseResult<s.ObjectValue<F>> => {
    const given = input ?? {};
    if (!s.isRecord(given)) return { ok: false, errors: Object.keys(fields).map(missing) };
    const result = schema.parse(withoutNulls(given));
    return result.ok ? result : { ok: false, errors: result.errors.map(withoutInput) };
  };
  return { ...schema, parse, isParts: true, fields };
}

function missing(name: string): s.ValidationIssue {
  return { type: "missing", loc: [name], msg: "Field required", input: null };
}

function withoutNulls(parts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(parts);
  return entries.some(([, part]) => part === null)
    ? Object.fromEntries(entries.filter(([, part]) => part !== null))
    : parts;
}

/** A missing part is reported with no input, unlike a missing field, which shows the object it is missing from. */
function withoutInput(issue: s.ValidationIssue): s.ValidationIssue {
  return issue.type === "missing" && issue.loc.length === 1 ? { ...issue, input: null } : issue;
}

export function isParts(schema: s.Schema<unknown>): schema is Parts<unknown> {
  return "isParts" in schema;
}
