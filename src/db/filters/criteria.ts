import { type Expression, type SqlBool, sql } from "kysely";
import type { Timestamp } from "../../kit/timestamp.ts";
import {
  type Condition,
  isLike,
  isLikeOne,
  isOneOf,
  jsonHasAll,
  jsonHasAny,
  numberValue,
  timestampValue,
} from "../dialects/expressions.ts";
import { combine, type Matcher, type Operator } from "./filter.ts";

/**
 * Any of the operators on words, names and ids; the wire schema says which of them a field has. An empty `any_` matches
 * nothing; an empty `not_any_`, `like_` or `startswith_` says nothing.
 */
export interface WordCriteria {
  readonly operator?: Operator;
  readonly any_?: readonly string[] | null;
  readonly not_any_?: readonly string[] | null;
  readonly like_?: string | null;
  readonly startswith_?: readonly string[] | null;
  readonly is_null_?: boolean | null;
  readonly exists_?: boolean | null;
}

/** Criteria on a text column. */
export const word = (column: Expression<unknown>): Matcher<WordCriteria> => words(column, "text");

/** Criteria on an id column. */
export const id = (column: Expression<unknown>): Matcher<WordCriteria> => words(column, "uuid");

function words(column: Expression<unknown>, type: "text" | "uuid"): Matcher<WordCriteria> {
  return (dialect, { operator, any_, not_any_, like_, startswith_, is_null_, exists_ }) =>
    combine(operator, [
      any_ ? isOneOf(dialect, column, { of: any_, type }) : undefined,
      not_any_ && not_any_.length > 0 ? not(isOneOf(dialect, column, { of: not_any_, type })) : undefined,
      like_ ? isLike(dialect, column, `%${like_}%`) : undefined,
      startswith_ && startswith_.length > 0 ? isLikeOne(dialect, column, startswith_.map(prefixPattern)) : undefined,
      isNull(column, is_null_),
      isNull(column, typeof exists_ === "boolean" ? !exists_ : undefined),
    ]);
}

/** A null column is in no list, and by SQL's rule, which the reference follows, not outside of one either. */
const not = (condition: Condition) => sql<SqlBool>`not (${condition})`;

const prefixPattern = (prefix: string) => `${prefix}%`;

export function isNull(column: Expression<unknown>, wanted: boolean | null | undefined): Condition | undefined {
  if (wanted === null || wanted === undefined) return undefined;
  return wanted ? sql<SqlBool>`${column} is null` : sql<SqlBool>`${column} is not null`;
}

export interface StateCriteria {
  readonly operator?: Operator;
  readonly type?: EnumCriteria | null;
  readonly name?: WordCriteria | null;
}

export interface EnumCriteria {
  readonly any_?: readonly string[] | null;
  readonly not_any_?: readonly string[] | null;
}

/**
 * Criteria on a column of a few known words. They go into the statement as literals, so that partial indexes and
 * PostgreSQL's enum types are used; `values` must have passed the wire schema.
 */
export function oneOfWords(column: Expression<unknown>): Matcher<EnumCriteria> {
  return (_dialect, { any_, not_any_ }) =>
    combine("and_", [
      any_ ? sql<SqlBool>`${column} in (${literals(any_)})` : undefined,
      not_any_ && not_any_.length > 0 ? sql<SqlBool>`${column} not in (${literals(not_any_)})` : undefined,
    ]);
}

/** No word gives `in (null)`, which matches nothing. */
function literals(values: readonly string[]) {
  const distinct = [...new Set(values)].toSorted();
  return sql.join(distinct.length > 0 ? distinct.map((value) => sql.lit(value)) : [sql.lit(null)]);
}

/** Criteria on the copy of the current state that a run carries. Empty `type` or `name` criteria say nothing. */
export function state(type: Expression<unknown>, name: Expression<unknown>): Matcher<StateCriteria> {
  const [matchType, matchName] = [oneOfWords(type), word(name)];
  return (dialect, criteria) =>
    combine(criteria.operator, [
      criteria.type && saysSomething(criteria.type) ? matchType(dialect, criteria.type) : undefined,
      criteria.name && saysSomething(criteria.name) ? matchName(dialect, criteria.name) : undefined,
    ]);
}

function saysSomething({ any_, not_any_ }: EnumCriteria): boolean {
  return (any_ !== null && any_ !== undefined) || (not_any_?.length ?? 0) > 0;
}

export interface TimeCriteria {
  readonly before_?: Timestamp | null;
  readonly after_?: Timestamp | null;
  readonly is_null_?: boolean | null;
}

/** Criteria on a time; both bounds are inclusive. `nullable` is what `is_null_` looks at, where it is another column. */
export function time(column: Expression<unknown>, nullable = column): Matcher<TimeCriteria> {
  return (dialect, { before_, after_, is_null_ }) =>
    combine("and_", [
      before_ ? sql<SqlBool>`${column} <= ${timestampValue(dialect, before_)}` : undefined,
      after_ ? sql<SqlBool>`${column} >= ${timestampValue(dialect, after_)}` : undefined,
      isNull(nullable, is_null_),
    ]);
}

export interface TagCriteria {
  readonly operator?: Operator;
  readonly all_?: readonly string[] | null;
  readonly any_?: readonly string[] | null;
  readonly is_null_?: boolean | null;
}

/** Criteria on a JSON array of strings. `is_null_` means "empty"; an empty `all_` says nothing, an empty `any_` matches nothing. */
export function tags(column: Expression<unknown>): Matcher<TagCriteria> {
  return (dialect, { operator, all_, any_, is_null_ }) =>
    combine(operator, [
      all_ && all_.length > 0 ? jsonHasAll(dialect, column, all_) : undefined,
      any_ ? jsonHasAny(dialect, column, any_) : undefined,
      is_null_ === null || is_null_ === undefined
        ? undefined
        : sql<SqlBool>`${column} ${sql.raw(is_null_ ? "=" : "<>")} '[]'`,
    ]);
}

export interface FlagCriteria {
  readonly eq_?: boolean | null;
}

/** Criteria on a boolean column. */
export function flag(column: Expression<unknown>): Matcher<FlagCriteria> {
  return (_dialect, { eq_ }) =>
    combine("and_", [eq_ === null || eq_ === undefined ? undefined : sql<SqlBool>`${column} = ${sql.lit(eq_)}`]);
}

export interface RangeCriteria {
  readonly ge_?: number | null;
  readonly le_?: number | null;
}

/** Criteria on a number column; both bounds are inclusive and may be beyond what the column can hold. */
export function range(column: Expression<unknown>): Matcher<RangeCriteria> {
  return (dialect, { ge_, le_ }) =>
    combine("and_", [
      typeof ge_ === "number" ? sql<SqlBool>`${column} >= ${numberValue(dialect, ge_)}` : undefined,
      typeof le_ === "number" ? sql<SqlBool>`${column} <= ${numberValue(dialect, le_)}` : undefined,
    ]);
}
