import { defineSchema, Failure, fail } from "../kit/schema/core.ts";
import * as s from "../kit/schema/schema.ts";
import { storedFields } from "./common.ts";

const MAX_VALUE_LENGTH = 5000;
const MAX_NAME_LENGTH = 255;

/** Strict: text stays text, and numbers stay as they were written. */
const variableValue = s.asGiven(
  s.nullable(
    s.union([
      s.string(),
      s.integer({ strict: true }),
      s.boolean({ strict: true }),
      s.number({ strict: true }),
      s.record(s.json()),
      s.array(s.json()),
    ]),
  ),
);

const nameOfKnownLetters = s.refine(s.documented(s.string(), { keywords: { maxLength: MAX_NAME_LENGTH } }), (name) =>
  /^[a-z0-9-_]*$/.test(name)
    ? undefined
    : "Variable name must only contain lowercase letters, numbers, and dashes or underscores.",
);

/** The length is looked at last, and complained of in other words than that of plain text. */
const variableName = defineSchema<string>({
  label: nameOfKnownLetters.label,
  jsonSchema: nameOfKnownLetters.jsonSchema,
  run(input) {
    const name = nameOfKnownLetters.run(input);
    if (name instanceof Failure || name.length <= MAX_NAME_LENGTH) return name;
    const msg = `Value should have at most ${MAX_NAME_LENGTH} items after validation, not ${name.length}`;
    const ctx = { field_type: "Value", max_length: MAX_NAME_LENGTH, actual_length: name.length };
    return fail("too_long", msg, { input, ctx });
  },
});

function checkSize(value: unknown): string | undefined {
  const isTooLong = value !== null && Buffer.byteLength(JSON.stringify(value)) > MAX_VALUE_LENGTH;
  return isTooLong ? `Variable value must be less than ${MAX_VALUE_LENGTH} characters` : undefined;
}

export const Variable = s.object("Variable", {
  ...storedFields,
  name: s.string({ maxLength: MAX_NAME_LENGTH }),
  value: variableValue,
  tags: s.defaulted(s.array(s.string()), () => []),
});
export type Variable = s.Infer<typeof Variable>;

export const VariableCreate = s.object(
  "VariableCreate",
  {
    name: variableName,
    value: s.guard(variableValue, checkSize),
    tags: s.defaulted(s.array(s.string()), () => []),
  },
  { extra: "forbid" },
);
export type VariableCreate = s.Infer<typeof VariableCreate>;

export const VariableUpdate = s.object(
  "VariableUpdate",
  {
    name: s.optional(s.nullable(variableName)),
    value: s.optional(variableValue),
    tags: s.optional(s.nullable(s.array(s.string()))),
  },
  { extra: "forbid" },
);
export type VariableUpdate = s.Infer<typeof VariableUpdate>;
