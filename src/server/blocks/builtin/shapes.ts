import { parseJson } from "../../../kit/json.ts";

/** Parts of JSON Schema as Python's clients write them for the fields of blocks and the variables of work pools. */
export const text = { type: "string" };
export const secret = { type: "string", writeOnly: true, format: "password" };
export const path = { type: "string", format: "path" };
export const filePath = { type: "string", format: "file-path" };
export const uri = { type: "string", format: "uri", minLength: 1, maxLength: 65536 };
export const flag = { type: "boolean" };
export const integer = { type: "integer" };
export const number = { type: "number" };
export const anyObject = { type: "object" };
export const texts = { type: "array", items: text };
export const textMap = { type: "object", additionalProperties: text };

/** A number as Python writes a float, `5.0`. */
export const float = (written: `${number}.${number}`): unknown => parseJson(written);

/** May be left out, and may be null. */
export function orNull(shape: object) {
  return { anyOf: [shape, { type: "null" }], default: null };
}

/** A JSON Schema. `title` is left out where it follows from the name, and null where there is none. */
export interface Property {
  readonly title?: string | null;
  readonly [keyword: string]: unknown;
}

/** Adds the titles that follow from the names: `user_name` is `User Name`. */
export function titled(properties: Readonly<Record<string, Property>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, { title, ...schema }]) => [
      name,
      title === null ? schema : { title: title ?? titleOf(name), ...schema },
    ]),
  );
}

function titleOf(name: string): string {
  return name
    .replaceAll("_", " ")
    .toLowerCase()
    .replace(/(^|[^a-z])([a-z])/g, (_all, before: string, letter: string) => before + letter.toUpperCase());
}
