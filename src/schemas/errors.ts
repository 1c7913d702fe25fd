import * as s from "../kit/schema/schema.ts";

export const ValidationError = s.object("ValidationError", {
  loc: s.array(s.union([s.string(), s.integer()])),
  msg: s.string(),
  type: s.string(),
  input: s.supplied(s.json()),
  ctx: s.optional(s.documented(s.record(s.json()), { replace: { type: "object" } })),
});
export type ValidationError = s.Infer<typeof ValidationError>;

export const HTTPValidationError = s.object("HTTPValidationError", {
  detail: s.defaulted(s.array(ValidationError), () => []),
});
export type HTTPValidationError = s.Infer<typeof HTTPValidationError>;
