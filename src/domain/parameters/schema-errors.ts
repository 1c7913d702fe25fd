import { isObject, isOfType, type JsonObject, Placeholder } from "./json-types.ts";
import { pythonRepr } from "./python-repr.ts";
import { KEYWORDS } from "./schema-keywords.ts";

/** One thing wrong with a value. `path` leads from the value given to the place, through object keys and array indexes. */
export interface SchemaError {
  readonly keyword: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
  /** The value at the end of the path is at least of the type its schema asks for. */
  readonly isTypeRight: boolean;
  /** What was wrong with each alternative of an `anyOf` or `oneOf`. */
  readonly context: readonly SchemaError[];
}

/** What one keyword found: an error of its own, or the errors of a schema it applied to a part of the value. */
export type Finding = {
  readonly message: string;
  readonly context?: readonly SchemaError[];
  readonly keyword?: string;
};

export interface KeywordUse {
  readonly value: unknown;
  readonly instance: unknown;
  readonly schema: JsonObject;
  /** Errors of a part of the instance against another schema; `at` is the part's key or index, if it is a part. */
  descend(instance: unknown, schema: unknown, at?: string | number): readonly SchemaError[];
  /** The schema that a `$ref` names. @throws UnresolvableRef */
  resolve(ref: string): unknown;
}

/** Yields messages of its own, and errors found further down. */
export type Keyword = (use: KeywordUse) => Iterable<Finding | SchemaError>;

/** The keyword of what is wrong with a `Placeholder`. */
export const PLACEHOLDER = "placeholder";

/** A `$ref` that leads nowhere. */
export class UnresolvableRef extends Error {}

/**
 * Everything wrong with `instance`, in the order of the schema's keywords. JSON Schema 2020-12 as far as Pydantic writes
 * it; `format`, `$dynamicRef` and `unevaluated*` are not looked at.
 * @throws RangeError for a schema that refers to itself without end; UnresolvableRef
 */
export function listSchemaErrors(instance: unknown, root: JsonObject): readonly SchemaError[] {
  return check(instance, root, root);
}

function check(instance: unknown, schema: unknown, root: JsonObject): readonly SchemaError[] {
  if (schema === false) return [error("false", { message: falseMessage(instance) }, { instance, schema: {} })];
  if (!isObject(schema)) return [];
  const use = {
    instance,
    schema,
    resolve: (ref: string) => resolveRef(root, ref),
    descend(part: unknown, subschema: unknown, at?: string | number) {
      const found = check(part, subschema, root);
      // What `false` refuses is reported without its place, as clients know it.
      return at === undefined || subschema === false
        ? found
        : found.map((each) => ({ ...each, path: [at, ...each.path] }));
    },
  };
  const errors: SchemaError[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    const find = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined;
    if (find === undefined) continue;
    for (const each of find({ ...use, value })) errors.push("path" in each ? each : error(keyword, each, use));
  }
  if (instance instanceof Placeholder && instance.problem !== undefined) {
    errors.push(error(PLACEHOLDER, { message: instance.problem }, use));
  }
  return errors;
}

function error(keyword: string, finding: Finding, at: { instance: unknown; schema: JsonObject }): SchemaError {
  const types = at.schema.type === undefined ? [] : [at.schema.type].flat();
  return {
    keyword: finding.keyword ?? keyword,
    message: finding.message,
    path: [],
    isTypeRight: types.some((type) => isOfType(at.instance, type)),
    context: finding.context ?? [],
  };
}

function falseMessage(instance: unknown): string {
  return `False schema does not allow ${pythonRepr(instance)}`;
}

/** Only references within the schema itself: nothing is fetched. */
function resolveRef(root: JsonObject, ref: string): unknown {
  if (ref === "#" || ref === "") return root;
  if (!ref.startsWith("#/")) throw new UnresolvableRef(`Unresolvable: ${ref}`);
  let at: unknown = root;
  for (const step of ref.slice(2).split("/")) {
    const key = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
    const next: unknown = Array.isArray(at)
      ? at[Number(key)]
      : isObject(at) && Object.hasOwn(at, key)
        ? at[key]
        : undefined;
    if (next === undefined)
      throw new UnresolvableRef(`PointerToNowhere: '${ref.slice(1)}' does not exist within ${pythonRepr(root)}`);
    at = next;
  }
  return at;
}
