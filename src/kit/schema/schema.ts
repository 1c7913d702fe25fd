/** The schema kit: values and errors of pydantic 2 (lax mode), FastAPI's JSON Schema, static types, Standard Schema. */
export { array, isRecord, record, set, tuple } from "./collections.ts";
export { collectComponents, hasLoneSurrogate } from "./components.ts";
export {
  type Component,
  type Infer,
  type JsonSchemaNode,
  type Location,
  type ParseResult,
  prefixIssues,
  type Schema,
  type ValidationIssue,
} from "./core.ts";
export { asGiven, documented, guard, json, lazy, named, preprocess, refine, switched, transform } from "./modifiers.ts";
export { boolean, integer, type NumberOptions, number } from "./numbers.ts";
export {
  defaulted,
  emptyOf,
  type Field,
  type Fields,
  type ObjectSchema,
  type ObjectValue,
  object,
  optional,
  supplied,
} from "./object.ts";
export { bytes, literal, oneOf, oneOfMembers, type StringOptions, string } from "./text.ts";
export { dateTime, duration, plainDateTime, positiveDuration } from "./times.ts";
export { discriminated, nullable, union } from "./unions.ts";
export { uuid } from "./uuid.ts";
