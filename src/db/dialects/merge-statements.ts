import type { Statement } from "./dialect.ts";

/** A merged statement's text and name, kept by the names it is made of: the same few combinations come again and again. */
const merged = new Map<string, { readonly sql: string; readonly name: string }>();
const MAX_KEPT = 1000;

/**
 * Makes one PostgreSQL statement of several: all but the last become `WITH` clauses, which run whether or not anything
 * refers to them. They see the same snapshot, so none may depend on what another writes.
 */
export function mergeStatements(statements: readonly Statement[]): Statement {
  const parameters = statements.flatMap((statement) => statement.parameters);
  const names = statements.map((statement) => statement.name);
  if (names.includes(undefined)) return { sql: mergedText(statements), parameters, name: undefined };
  const key = names.join("+");
  let known = merged.get(key);
  if (!known) {
    known = { sql: mergedText(statements), name: `merged_${merged.size}` };
    if (merged.size < MAX_KEPT) merged.set(key, known);
    else return { sql: known.sql, parameters, name: undefined };
  }
  return { ...known, parameters };
}

function mergedText(statements: readonly Statement[]): string {
  let used = 0;
  const texts = statements.map(({ sql, parameters }) => {
    const text = sql.replaceAll(/\$(\d+)/g, (_all, index: string) => `$${Number(index) + used}`);
    used += parameters.length;
    return text;
  });
  const clauses = texts.slice(0, -1).map((text, index) => `w${index} as (${text})`);
  return `with ${clauses.join(", ")} ${texts.at(-1)}`;
}
