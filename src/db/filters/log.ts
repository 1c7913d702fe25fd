import { type Expression, type SqlBool, sql } from "kysely";
import { parseTextSearch } from "../../domain/text-search.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { type Condition, containsText } from "../dialects/expressions.ts";
import { id, range, time } from "./criteria.ts";
import { column, combine, defineFilter, type Matcher } from "./filter.ts";

/** A parsed text search over `searched`; undefined for a query of no words. */
export function matchText(dialect: Dialect, searched: Expression<unknown>, query: string): Condition | undefined {
  const { include, required, exclude } = parseTextSearch(query);
  const contains = (term: string) => containsText(dialect, searched, term);
  const conditions = [
    include.length > 0 ? combine("or_", include.map(contains)) : undefined,
    ...required.map(contains),
    ...exclude.map((term) => sql<SqlBool>`not ${contains(term)}`),
  ].filter((condition) => condition !== undefined);
  return conditions.length > 0 ? combine("and_", conditions) : undefined;
}

const text: Matcher<{ readonly query: string }> = (dialect, { query }) =>
  matchText(dialect, sql`(log.message || ' ' || log.name)`, query);

/**
 * LogFilter as a condition on `log`. Without an index of their own: level, text, and timestamp unless a run is given;
 * clients ask for the logs of one run.
 */
export const matchLog = defineFilter({
  level: range(column("log.level")),
  timestamp: time(column("log.timestamp")),
  flow_run_id: id(column("log.flow_run_id")),
  task_run_id: id(column("log.task_run_id")),
  text,
});
