import type { SchemaError } from "./schema-errors.ts";

/** The error to show, and where it is: the path from the outermost value. */
export interface Match {
  readonly error: SchemaError;
  readonly path: readonly (string | number)[];
}

/**
 * Picks the error that says most, as Python's jsonschema does: the shallowest one; within an `anyOf` or `oneOf` the
 * deepest of its alternatives, unless two are as good as each other.
 */
export function bestMatch(errors: readonly SchemaError[]): Match | undefined {
  let best = errors.reduce<SchemaError | undefined>(
    (chosen, each) => (chosen === undefined || compare(each, chosen) > 0 ? each : chosen),
    undefined,
  );
  if (best === undefined) return undefined;
  let path = best.path;
  while (best.context.length > 0) {
    const [first, second] = best.context.toSorted(compare) as [SchemaError, SchemaError?];
    if (second !== undefined && compare(first, second) === 0) break;
    best = first;
    path = [...path, ...first.path];
  }
  return { error: best, path };
}

/** Positive when `a` is more relevant than `b`. */
function compare(a: SchemaError, b: SchemaError): number {
  return (
    b.path.length - a.path.length ||
    comparePaths(a.path, b.path) ||
    Number(!isWeak(a)) - Number(!isWeak(b)) ||
    Number(!a.isTypeRight) - Number(!b.isTypeRight)
  );
}

function isWeak({ keyword }: SchemaError): boolean {
  return keyword === "anyOf" || keyword === "oneOf";
}

function comparePaths(a: SchemaError["path"], b: SchemaError["path"]): number {
  for (const [index, step] of a.entries()) {
    const other = b[index] as string | number;
    if (step !== other) return step > other ? 1 : -1;
  }
  return 0;
}
