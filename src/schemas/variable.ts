import * as s from "../kit/schema/schema.ts";
import { storedFields } from "./common.ts";

const MAX_VALUE_LENGTH = 5000;

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

const variableName = s.refine(s.string({ maxLength: 255 }), (name) =>
  /^[a-z0-9-_]*$/.test(name)
    ? undefined
    : "Variable name must only contain lowercase letters, numbers, and dashes or underscores.",
);

function checkSize(value: unknown): string | undefined {
  const isTooLong = value !== null && Buffer.byteLength(JSON.stringify(value)) > MAX_VALUE_LENGTH;
  return isTooLong ? `Variable value must be less than ${MAX_VALUE_LENGTH} characters` : undefined;
}

export const Variable = s.object("Variable", {
  ...storedFields,
  name: s.string({ maxLength: 255 }),
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
