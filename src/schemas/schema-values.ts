import * as s from "../kit/schema/schema.ts";

/** What is wrong inside one property of a set of values, or inside one item of a list. */
export interface SchemaValuePropertyError {
  readonly property: string;
  readonly errors: readonly SchemaValueError[];
}
export interface SchemaValueIndexError {
  readonly index: number;
  readonly errors: readonly SchemaValueError[];
}
/** A message about the value itself, or what is wrong deeper inside. */
export type SchemaValueError = string | SchemaValuePropertyError | SchemaValueIndexError;

export const SchemaValueError: s.Schema<SchemaValueError> = s.union([
  s.string(),
  s.lazy<SchemaValuePropertyError>("SchemaValuePropertyError", () => SchemaValuePropertyError),
  s.lazy<SchemaValueIndexError>("SchemaValueIndexError", () => SchemaValueIndexError),
]);

export const SchemaValuePropertyError: s.Schema<SchemaValuePropertyError> = s.object("SchemaValuePropertyError", {
  property: s.string(),
  errors: s.array(SchemaValueError),
});

export const SchemaValueIndexError: s.Schema<SchemaValueIndexError> = s.object("SchemaValueIndexError", {
  index: s.integer(),
  errors: s.array(SchemaValueError),
});

/** The answer to "do these values fit this schema?". */
export const SchemaValuesValidationResponse = s.object("SchemaValuesValidationResponse", {
  errors: s.array(SchemaValueError),
  valid: s.boolean(),
});
export type SchemaValuesValidationResponse = s.Infer<typeof SchemaValuesValidationResponse>;
