import { createPatternMatcher, PatternTooSlow } from "../../kit/pattern-matcher.ts";
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
  /** The schema that a `$ref` names. @throws UncheckableSchema */
  resolve(ref: string): unknown;
  /** Whether a pattern of the schema finds something. @throws UncheckableSchema */
  matches(pattern: string, text: string): boolean;
}

/** Yields messages of its own, and errors found further down. */
export type Keyword = (use: KeywordUse) => Iterable<Finding | SchemaError>;

/** The keyword of what is wrong with a `Placeholder`. */
export const PLACEHOLDER = "placeholder";

/** A schema with a `$ref` that leads nowhere, or one that takes too long. */
export class UncheckableSchema extends Error {}

/** A schema that doubles itself in every definition would be gone through for ever: about a second of work is done. */
const MOST_STEPS = 1_000_000;
const CHARACTERS_PER_STEP = 16;

/** What is the same for all of one check. */
interface Run {
  readonly root: JsonObject;
  readonly matches: KeywordUse["matches"];
  /** Counts work done. @throws UncheckableSchema when it has become too much */
  spend(steps: number): void;
}

function startRun(root: JsonObject): Run {
  let left = MOST_STEPS;
  const find = createPatternMatcher();
  const spend = (steps: number) => {
    left -= steps;
    if (left < 0) throw new UncheckableSchema("The schema and the value take too long to compare.");
  };
  const matches = (pattern: string, text: string) => {
    spend(1);
    try {
      return find(pattern, text);
    } catch (error) {
      if (error instanceof PatternTooSlow)
        throw new UncheckableSchema(`The pattern ${pythonRepr(pattern)} takes too long.`);
      throw error;
    }
  };
  return { root, matches, spend };
}

/**
 * Everything wrong with `instance`, in the order of the schema's keywords. JSON Schema 2020-12 as far as Pydantic writes
 * it; `format`, `$dynamicRef` and `unevaluated*` are not looked at.
 * @throws RangeError for a schema that refers to itself without end; UncheckableSchema
 */
export function listSchemaErrors(instance: unknown, root: JsonObject): readonly SchemaError[] {
  return check(instance, root, startRun(root));
}

function check(instance: unknown, schema: unknown, run: Run): readonly SchemaError[] {
  run.spend(1);
  if (schema === false) return [error("false", { message: falseMessage(instance) }, { instance, schema: {} })];
  if (!isObject(schema)) return [];
  const use = {
    instance,
    schema,
    resolve: (ref: string) => resolveRef(run.root, ref),
    matches: run.matches,
    descend(part: unknown, subschema: unknown, at?: string | number) {
      const found = check(part, subschema, run);
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
    run.spend(sizeOf(value));
    for (const each of find({ ...use, value })) {
      run.spend(each.message.length / CHARACTERS_PER_STEP);
      errors.push("path" in each ? each : error(keyword, each, use));
    }
  }
  if (instance instanceof Placeholder && instance.problem !== undefined) {
    errors.push(error(PLACEHOLDER, { message: instance.problem }, use));
  }
  return errors;
}

/** What a keyword goes through at least. */
function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : 1;
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
  if (!ref.startsWith("#/")) throw new UncheckableSchema(`Unresolvable: ${ref}`);
  let at: unknown = root;
  for (const step of ref.slice(2).split("/")) {
    const key = decoded(step).replaceAll("~1", "/").replaceAll("~0", "~");
    const next: unknown = Array.isArray(at)
      ? at[Number(key)]
      : isObject(at) && Object.hasOwn(at, key)
        ? at[key]
        : undefined;
    if (next === undefined)
      throw new UncheckableSchema(`PointerToNowhere: '${ref.slice(1)}' does not exist within ${pythonRepr(root)}`);
    at = next;
  }
  return at;
}

/** A step that is no URL text is taken as it is. */
function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
