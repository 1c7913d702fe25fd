import type { SchemaValueError } from "../../schemas/schema-values.ts";
import { isObject, type JsonObject, Placeholder } from "./json-types.ts";
import { META_SCHEMA } from "./meta-schema.ts";
import { preprocessSchema } from "./preprocess-schema.ts";
import { pythonRepr } from "./python-repr.ts";
import { listSchemaErrors, PLACEHOLDER, type SchemaError, UncheckableSchema } from "./schema-errors.ts";

/** All that is wrong with values; or why their schema is none, or that it contains itself without end. */
export type ProblemReport =
  | { readonly kind: "checked"; readonly errors: readonly SchemaValueError[] }
  | { readonly kind: "invalid-schema"; readonly reason: string }
  | { readonly kind: "circular" };

/** Checks hydrated values against the JSON Schema of a flow or a work pool, for a form that shows what is wrong where. */
export function describeProblems(values: unknown, given: JsonObject): ProblemReport {
  const schema = preprocessSchema(given, false);
  try {
    const reason = schemaProblem(schema);
    if (reason !== undefined) return { kind: "invalid-schema", reason };
    return { kind: "checked", errors: nestErrors(listSchemaErrors(values, schema), values) };
  } catch (error) {
    if (error instanceof RangeError) return { kind: "circular" };
    if (!(error instanceof UncheckableSchema)) throw error;
    return { kind: "invalid-schema", reason: `Validation failed. Failure reason: ${error.message}` };
  }
}

/** The first thing that is wrong with a schema. */
function schemaProblem(schema: JsonObject): string | undefined {
  return listSchemaErrors(schema, META_SCHEMA)[0]?.message ?? patternProblem(schema);
}

function patternProblem(schema: unknown): string | undefined {
  if (Array.isArray(schema)) return firstProblem(schema);
  if (!isObject(schema)) return undefined;
  const { pattern } = schema;
  return typeof pattern === "string" && !isPattern(pattern)
    ? `${pythonRepr(pattern)} is not a 'regex'`
    : firstProblem(Object.values(schema));
}

function firstProblem(schemas: readonly unknown[]): string | undefined {
  for (const each of schemas) {
    const problem = patternProblem(each);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Groups are where Python's patterns differ from ours: what has one is taken as it is. */
function isPattern(pattern: string): boolean {
  if (pattern.includes("(?")) return true;
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}

type Path = SchemaError["path"];

/** Errors by the properties and items they are in. What is wrong with a placeholder stands for all else said of it. */
function nestErrors(errors: readonly SchemaError[], values: unknown): readonly SchemaValueError[] {
  const root: Level = [];
  for (const { keyword, message, path } of errors) {
    const at = keyword === "required" ? [...path, requiredName(message)] : path;
    if (keyword !== PLACEHOLDER && keyword !== "required" && valueAt(values, path) instanceof Placeholder) continue;
    const last = at.at(-1);
    const level = at.slice(0, -1).reduce<Level>(openLevel, root);
    level.push(last === undefined ? message : entry(last, [message]));
  }
  return root;
}

type Entry = { readonly property: string; readonly errors: Level } | { readonly index: number; readonly errors: Level };
type Level = (string | Entry)[];

function openLevel(level: Level, step: string | number): Level {
  const found = level.find((each): each is Entry => typeof each === "object" && stepOf(each) === step);
  if (found) return found.errors;
  const opened = entry(step, []);
  level.push(opened);
  return opened.errors;
}

function entry(step: string | number, errors: Level): Entry {
  return typeof step === "number" ? { index: step, errors } : { property: step, errors };
}

const stepOf = (each: Entry) => ("index" in each ? each.index : each.property);

/** From the message, which begins with it. */
function requiredName(message: string): string {
  return (message.split(" ", 1)[0] ?? "").replace(/^'+|'+$/g, "");
}

function valueAt(values: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[step] : undefined,
    values,
  );
}
