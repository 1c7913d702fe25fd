import { bestMatch, type Match } from "./best-match.ts";
import { isObject, type JsonObject } from "./json-types.ts";
import { preprocessSchema } from "./preprocess-schema.ts";
import { pythonRepr } from "./python-repr.ts";
import { listSchemaErrors, UncheckableSchema } from "./schema-errors.ts";

/** What is wrong: a text for people, or a schema that contains itself without end. */
export type SchemaProblem = { readonly kind: "invalid"; readonly message: string } | { readonly kind: "circular" };

export interface CheckOptions {
  /** Values that are not there are no error. @default false */
  readonly ignoreRequired?: boolean;
  /** A field with a default may be null, whatever its type. @default false */
  readonly allowNoneWithDefault?: boolean;
  /** Read the schema as it is, without making up for what Pydantic 1 wrote. @default false */
  readonly isExact?: boolean;
}

/** Checks parameters or job variables against the JSON Schema of a flow or a work pool; undefined when they fit. */
export function checkAgainstSchema(
  values: unknown,
  schema: JsonObject,
  options: CheckOptions = {},
): SchemaProblem | undefined {
  const ready = options.isExact ? schema : preprocessSchema(schema, options.allowNoneWithDefault ?? false);
  try {
    const found = bestMatch(listSchemaErrors(values, options.ignoreRequired ? withoutRequired(ready) : ready));
    return found && { kind: "invalid", message: describe(found) };
  } catch (error) {
    if (error instanceof RangeError) return { kind: "circular" };
    if (error instanceof UncheckableSchema) {
      return { kind: "invalid", message: `Validation failed. Failure reason: ${error.message}` };
    }
    throw error;
  }
}

function describe({ error, path }: Match): string {
  const where = path.map(step).join("");
  const field = where.replace(/^\./, "");
  const head =
    path.length === 0 ? "Validation failed." : `Validation failed for field ${pythonRepr(shown(where, field))}.`;
  return `${head} Failure reason: ${error.message}`;
}

/** Only a path that begins with a plain name loses its `$.`. */
function shown(where: string, field: string): string {
  return where.startsWith(".") ? field : `$${where}`;
}

function step(part: string | number): string {
  if (typeof part === "number") return `[${part}]`;
  if (/^[a-zA-Z][a-zA-Z0-9_]*$/.test(part)) return `.${part}`;
  return `['${part.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}']`;
}

/** Drops every key named `required` in objects within objects, not in lists, as the reference does. */
function withoutRequired(schema: JsonObject): JsonObject {
  return dropRequired(schema) as JsonObject;
}

function dropRequired(value: unknown): unknown {
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => key !== "required");
  return Object.fromEntries(kept.map(([key, each]) => [key, dropRequired(each)]));
}
