import * as s from "../kit/schema/schema.ts";

/** A body made of named parts. Its absence is the same as `{}`, and keys that name no part are ignored. */
export interface Parts<T> extends s.Schema<T> {
  readonly isParts: true;
}

/** @param name `Body_<operationId>`, the component under which the document shows it */
export function parts<const F extends s.Fields>(name: string, fields: F): Parts<s.ObjectValue<F>> {
  const schema = s.object(name, fields, { extra: "ignore" });
  const parse = (input: unknown): s.ParseResult<s.ObjectValue<F>> => {
    const isObject = typeof input === "object" && input !== null && !Array.isArray(input);
    const result = schema.parse(isObject ? input : {});
    return result.ok ? result : { ok: false, errors: result.errors.map(withoutInput) };
  };
  return { ...schema, parse, isParts: true };
}

/** A missing part is reported with no input, unlike a missing field, which shows the object it is missing from. */
function withoutInput(issue: s.ValidationIssue): s.ValidationIssue {
  return issue.type === "missing" && issue.loc.length === 1 ? { ...issue, input: null } : issue;
}

export function isParts(schema: s.Schema<unknown>): schema is Parts<unknown> {
  return "isParts" in schema;
}
