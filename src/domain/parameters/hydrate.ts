import { parseJson } from "../../kit/json.ts";
import { describeJsonError, findJsonError } from "../../kit/json-error.ts";
import { isObject, type JsonObject, Placeholder } from "./json-types.ts";
import { pythonRepr } from "./python-repr.ts";

const KIND = "__prefect_kind";

/** What parameters may refer to. */
export interface HydrationContext {
  readonly variables: ReadonlyMap<string, unknown>;
  /** Renders a Jinja template without any values. @throws Error whose message says what is wrong with the template */
  renderTemplate(template: string): string;
}

export type Hydrated =
  | { readonly kind: "hydrated"; readonly value: JsonObject }
  | { readonly kind: "invalid"; readonly reason: string };

/**
 * Replaces every nested `{"__prefect_kind": ...}` by what it stands for: `none` a value, `json` JSON text, `jinja` a
 * template, `workspace_variable` a variable; any other kind its `value`.
 */
export function hydrate(values: JsonObject, context: HydrationContext): Hydrated {
  try {
    const value = hydrateValue(values, { ...context, refuse });
    return { kind: "hydrated", value: value === REMOVED ? {} : (value as JsonObject) };
  } catch (error) {
    if (error instanceof Unhydratable) return { kind: "invalid", reason: error.message };
    throw error;
  }
}

/** The same without giving up: a `Placeholder` with its problem stands where there is no value. */
export function hydrateLeniently(values: JsonObject, context: Omit<HydrationContext, "renderTemplate"> & Lenient) {
  const value = hydrateValue(values, { ...context, refuse: (reason) => new Placeholder(reason) });
  return value === REMOVED ? {} : value;
}

interface Lenient {
  /** The text, or a `Placeholder`. @throws Error whose message says what is wrong with the template */
  renderTemplate(template: string): unknown;
}

type Context = Omit<HydrationContext, "renderTemplate"> &
  Lenient & {
    /** What becomes of a value that cannot be made. */
    refuse(reason: string): unknown;
  };

function refuse(reason: string): never {
  throw new Unhydratable(reason);
}

/** The names of all variables that `values` may refer to; empty for values that refer to none. */
export function listVariableNames(values: unknown): readonly string[] {
  if (Array.isArray(values)) return values.flatMap(listVariableNames);
  if (!isObject(values)) return [];
  const inner = Object.values(values).flatMap(listVariableNames);
  return typeof values.variable_name === "string" && KIND in values ? [values.variable_name, ...inner] : inner;
}

/** Tells the caller to leave the key or item out. */
const REMOVED = Symbol("removed");

class Unhydratable extends Error {}

function hydrateValue(value: unknown, context: Context): unknown {
  if (Array.isArray(value)) return value.map((item) => hydrateValue(item, context)).filter((item) => item !== REMOVED);
  if (!isObject(value)) return value;
  if (Object.hasOwn(value, KIND)) return resolve(value, context);
  const entries = Object.entries(value).map(([key, each]) => [key, hydrateValue(each, context)] as const);
  return Object.fromEntries(entries.filter(([, each]) => each !== REMOVED));
}

function resolve(object: JsonObject, context: Context): unknown {
  switch (object[KIND]) {
    case "none":
      if (!Object.hasOwn(object, "value")) return context.refuse("Missing 'value' key in __prefect object");
      return hydrateValue(object.value, context);
    case "json":
      return Object.hasOwn(object, "value") ? readJson(inner(object.value, context), context) : REMOVED;
    case "jinja":
      if (!Object.hasOwn(object, "template")) return context.refuse("Missing 'template' key in __prefect object");
      return render(inner(object.template, context), context);
    case "workspace_variable":
      return Object.hasOwn(object, "variable_name")
        ? readVariable(inner(object.variable_name, context), context)
        : REMOVED;
    default:
      return object.value ?? null;
  }
}

/** Only objects are looked into: a list of templates is no template. */
function inner(value: unknown, context: Context): unknown {
  return isObject(value) ? hydrateValue(value, context) : value;
}

function readJson(value: unknown, { refuse }: Context): unknown {
  if (typeof value !== "string") return value;
  const wrong = findJsonError(value);
  if (wrong !== undefined) return refuse(`Invalid JSON: ${describeJsonError(value, wrong)}`);
  return parseJson(value);
}

function render(template: unknown, { renderTemplate, refuse }: Context): unknown {
  if (typeof template !== "string") return template;
  try {
    return renderTemplate(template);
  } catch (error) {
    return refuse(`Invalid jinja: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readVariable(name: unknown, { variables, refuse }: Context): unknown {
  if (name === REMOVED || name instanceof Placeholder) return name;
  const key = typeof name === "string" ? name : pythonRepr(name);
  if (!variables.has(key)) return refuse(`Variable '${key}' not found in workspace.`);
  return variables.get(key);
}
