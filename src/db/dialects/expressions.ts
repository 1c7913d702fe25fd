import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import type { Dialect } from "./dialect.ts";

/** A condition for `where(...)`. */
export type Condition = RawBuilder<SqlBool>;

export const always: Condition = sql<SqlBool>`true`;
export const never: Condition = sql<SqlBool>`false`;

/** SQLite refuses longer LIKE patterns. */
const SQLITE_PATTERN_BYTES = 50_000;

/** Alternatives up to which a condition is written out, so that an index serves; SQLite takes up to 1000. */
const FEW = 50;

/** PostgreSQL's text cannot hold NUL, so no row can equal such a value; sending it would be an error. */
function isStorable(dialect: Dialect, value: string): boolean {
  return dialect.name === "sqlite" || !value.includes("\0");
}

/**
 * `column in (values)`, with all values in one parameter: the statement's text, and so its plan, is the same however many
 * there are. An empty list matches nothing. `type` is PostgreSQL's name of the column's type.
 */
export function isOneOf(dialect: Dialect, column: Expression<unknown>, values: TypedValues): Condition {
  const list = values.of.filter((value) => isStorable(dialect, value));
  const [first, ...rest] = list;
  if (first === undefined) return never;
  if (rest.length === 0) return sql<SqlBool>`${column} = ${first}`;
  return dialect.name === "sqlite"
    ? sql<SqlBool>`${column} in (select value from json_each(${JSON.stringify(list)}))`
    : sql<SqlBool>`${column} = any(${list}::${sql.raw(values.type)}[])`;
}

export interface TypedValues {
  readonly of: readonly string[];
  readonly type: "text" | "uuid";
}

/** `column in (subquery)`, whose rows are few: they are read first and looked up in an index of the column. */
export function isAmong(dialect: Dialect, column: Expression<unknown>, subquery: RawBuilder<unknown>): Condition {
  return dialect.name === "sqlite"
    ? sql<SqlBool>`${column} in (${subquery})`
    : sql<SqlBool>`${column} = any(array(${subquery}))`;
}

/** EXISTS, asked of each row that is looked at. A plain one SQLite may turn into a join that begins at the wrong end. */
export function existsPerRow(subquery: RawBuilder<unknown>): Condition {
  return sql<SqlBool>`exists (${subquery}) is true`;
}

/** Rows that point to many others are found sooner by a list of those than by a join, whose size PostgreSQL misjudges. */
export function prefersLists(dialect: Dialect): boolean {
  return dialect.name === "postgres";
}

/** Joins the table after it to that before it; on SQLite, which would be mistaken, reading the one before it first. */
export function joinInThisOrder(dialect: Dialect): RawBuilder<unknown> {
  return sql.raw(dialect.name === "sqlite" ? "cross join" : "inner join");
}

/** Rows `(place, first, last)` of stretches of time, counted from 0, to be used after FROM. */
export function timeRanges(
  dialect: Dialect,
  ranges: readonly { readonly start: string; readonly end: string }[],
): RawBuilder<unknown> {
  const [first, last] = [ranges.map(({ start }) => start), ranges.map(({ end }) => end)].map((bounds) =>
    bounds.map((bound) => dialect.timestamp(bound)),
  );
  if (dialect.name === "sqlite")
    return sql`(select first.key as place, first.value as first, last.value as last
      from json_each(${JSON.stringify(first)}) as first join json_each(${JSON.stringify(last)}) as last on last.key = first.key)`;
  return sql`(select place - 1 as place, first, last
    from unnest(${first}::timestamptz[], ${last}::timestamptz[]) with ordinality as stretch (first, last, place))`;
}

/** Case-insensitive LIKE; `%` and `_` in `pattern` are wildcards. */
export function isLike(dialect: Dialect, column: Expression<unknown>, pattern: string): Condition {
  // PostgreSQL refuses NUL, SQLite takes it for the pattern's end.
  if (pattern.includes("\0")) return never;
  if (dialect.name === "postgres") return sql<SqlBool>`${column} ilike ${pattern}`;
  const shortened = pattern.replace(/%+/g, "%");
  // What is still too long can only match a text as long as itself, which no name is.
  if (Buffer.byteLength(shortened) > SQLITE_PATTERN_BYTES) return never;
  return sql<SqlBool>`${column} like ${shortened}`;
}

/** Case-insensitive "contains", without wildcards. SQLite folds the case of ASCII letters only. */
export function containsText(dialect: Dialect, column: Expression<unknown>, term: string): Condition {
  if (!isStorable(dialect, term)) return never;
  const position = sql.raw(dialect.name === "sqlite" ? "instr" : "strpos");
  return sql<SqlBool>`${position}(lower(${column}), ${term.toLowerCase()}) > 0`;
}

/** The JSON array in `column` holds every one of `values`. */
export function jsonHasAll(dialect: Dialect, column: Expression<unknown>, values: readonly string[]): Condition {
  if (!values.every((value) => isStorable(dialect, value))) return never;
  if (dialect.name === "postgres") return sql<SqlBool>`${column} ?& ${values}::text[]`;
  const wanted = JSON.stringify(values);
  return sql<SqlBool>`not exists (select 1 from json_each(${wanted}) as wanted where wanted.value not in (select value from json_each(${column})))`;
}

/** The JSON array in `column` holds at least one of `values`. */
export function jsonHasAny(dialect: Dialect, column: Expression<unknown>, values: readonly string[]): Condition {
  const list = values.filter((value) => isStorable(dialect, value));
  if (list.length === 0) return never;
  if (dialect.name === "postgres") return sql<SqlBool>`${column} ?| ${list}::text[]`;
  return sql<SqlBool>`exists (select 1 from json_each(${column}) as held where held.value in (select value from json_each(${JSON.stringify(list)})))`;
}

/** The string under `key` of the JSON object in `column`. */
export function jsonText(column: Expression<unknown>, key: string): RawBuilder<string | null> {
  return sql<string | null>`${column} ->> ${sql.lit(key)}`;
}

/** An interval column in seconds; milliseconds are the finest SQLite computes with. */
export function intervalSeconds(dialect: Dialect, column: Expression<unknown>): RawBuilder<number> {
  if (dialect.name === "postgres") return sql<number>`extract(epoch from ${column})::double precision`;
  // Stored as a time since 1970; the column's own default is the number 0.
  return sql<number>`case typeof(${column}) when 'text' then unixepoch(${column}, 'subsec') else 0.0 end`;
}

/** Seconds from one time to a later one; milliseconds are the finest SQLite computes with. */
export function secondsFrom(
  dialect: Dialect,
  earlier: Expression<unknown>,
  later: Expression<unknown>,
): RawBuilder<number> {
  return dialect.name === "postgres"
    ? sql<number>`extract(epoch from ${later} - ${earlier})::double precision`
    : sql<number>`(unixepoch(${later}, 'subsec') - unixepoch(${earlier}, 'subsec'))`;
}

/** Which stretch of time `column`, not before `from`, falls into: 0 for the first. Exact to the microsecond. */
export function stretchIndex(
  dialect: Dialect,
  column: Expression<unknown>,
  stretch: { readonly from: string; readonly micros: number },
): RawBuilder<number> {
  const from = timestampValue(dialect, stretch.from);
  if (dialect.name === "postgres") {
    const micros = sql`extract(epoch from ${column} - ${from}) * 1000000`;
    return sql<number>`floor(${micros} / ${stretch.micros}::numeric)::integer`;
  }
  const micros = (time: Expression<unknown>) =>
    sql`(unixepoch(substr(${time}, 1, 19)) * 1000000 + cast(substr(${time}, 21, 6) as integer))`;
  return sql<number>`(${micros(column)} - ${micros(from)}) / cast(${stretch.micros} as integer)`;
}

/** A timestamp as a value inside an expression. */
export function timestampValue(dialect: Dialect, value: string): RawBuilder<string> {
  const stored = dialect.timestamp(value);
  return dialect.name === "postgres" ? sql<string>`${stored}::timestamptz` : sql<string>`${stored}`;
}

/** A number of any size, to compare with a column of any number type. */
export function numberValue(dialect: Dialect, value: number): RawBuilder<number> {
  return dialect.name === "postgres" ? sql<number>`${value}::double precision` : sql<number>`${value}`;
}

/** Text that begins with `prefix`, letter for letter. */
export function startsWith(dialect: Dialect, column: Expression<unknown>, prefix: string): Condition {
  if (!isStorable(dialect, prefix)) return never;
  if (dialect.name === "postgres") return sql<SqlBool>`starts_with(${column}, ${prefix})`;
  // As a range, so that an index on the column serves.
  return sql<SqlBool>`(${column} >= ${prefix} and ${column} < ${`${prefix}\u{10ffff}`})`;
}

/** Text that begins with one of any number of `prefixes`, letter for letter. */
export function startsWithOne(dialect: Dialect, column: Expression<unknown>, prefixes: readonly string[]): Condition {
  if (prefixes.length <= FEW) return orOf(prefixes.map((prefix) => startsWith(dialect, column, prefix)));
  const list = prefixes.filter((prefix) => isStorable(dialect, prefix));
  return dialect.name === "postgres"
    ? sql<SqlBool>`exists (select 1 from unnest(${list}::text[]) as prefix where starts_with(${column}, prefix))`
    : sql<SqlBool>`exists (select 1 from json_each(${JSON.stringify(list)}) as prefix
        where substr(${column}, 1, length(prefix.value)) = prefix.value)`;
}

/** Text that one of any number of LIKE `patterns` matches, without regard to case. */
export function isLikeOne(dialect: Dialect, column: Expression<unknown>, patterns: readonly string[]): Condition {
  if (patterns.length <= FEW) return orOf(patterns.map((pattern) => isLike(dialect, column, pattern)));
  const list = patterns.filter(
    (pattern) => !pattern.includes("\0") && Buffer.byteLength(pattern) <= SQLITE_PATTERN_BYTES,
  );
  return dialect.name === "postgres"
    ? sql<SqlBool>`${column} ilike any(${list}::text[])`
    : sql<SqlBool>`exists (select 1 from json_each(${JSON.stringify(list)}) as pattern
        where ${column} like pattern.value)`;
}

function orOf(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? never : sql<SqlBool>`(${sql.join(conditions, sql` or `)})`;
}

/** Shell-like match: `*` stands for any text, `?` for any one character. SQLite takes ASCII letters of either case. */
export function isGlob(column: Expression<unknown>, glob: string): Condition {
  const pattern = glob
    .replace(/[\\%_]/g, "\\$&")
    .replace(/\*+/g, "%")
    .replaceAll("?", "_");
  if (pattern.includes("\0") || Buffer.byteLength(pattern) > SQLITE_PATTERN_BYTES) return never;
  return sql<SqlBool>`${column} like ${pattern} escape '\\'`;
}

/** The string under any `key`, which a user may have chosen, of the JSON object in `column`. */
export function jsonLabel(dialect: Dialect, column: Expression<unknown>, key: string): RawBuilder<string | null> {
  if (!isStorable(dialect, key)) return sql<null>`null`;
  if (dialect.name === "postgres") return sql<string | null>`(${column} ->> ${key}::text)`;
  // A JSON path has no way to write a quote inside a key.
  return /["\\\0]/.test(key) ? sql<null>`null` : sql<string | null>`json_extract(${column}, ${`$."${key}"`})`;
}
