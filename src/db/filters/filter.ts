import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Dialect } from "../dialects/dialect.ts";
import { always, type Condition } from "../dialects/expressions.ts";
import type { TableName, Tables } from "../tables.ts";

export type Operator = "and_" | "or_";

/** Turns the criteria on one field into a condition; undefined where they say nothing and must not count under `or_`. */
export type Matcher<C> = (dialect: Dialect, criteria: C) => Condition | undefined;

/** The filter that a set of matchers understands: criteria by field, absent or null where the field does not matter. */
export type FilterOf<M> = { readonly operator?: Operator } & {
  readonly [K in keyof M]?: (M[K] extends Matcher<infer C> ? C : never) | null;
};

/** Makes the filter of a resource from the matchers of its fields. An empty filter matches everything. */
export function defineFilter<const M extends Readonly<Record<string, Matcher<never>>>>(
  matchers: M,
): (dialect: Dialect, filter: FilterOf<M>) => Condition {
  const fields = Object.entries(matchers) as unknown as readonly (readonly [keyof M, Matcher<unknown>])[];
  return (dialect, filter) => {
    const conditions = fields.map(([field, matcher]) => {
      const criteria: unknown = filter[field];
      return criteria === undefined || criteria === null ? undefined : matcher(dialect, criteria);
    });
    return combine(filter.operator, conditions);
  };
}

/** Joins what is defined of `conditions`; nothing at all is always true. */
export function combine(operator: Operator | undefined, conditions: readonly (Condition | undefined)[]): Condition {
  const defined = conditions.filter((condition) => condition !== undefined);
  const [only, ...more] = defined;
  if (only === undefined) return always;
  if (more.length === 0) return only;
  return sql<SqlBool>`(${sql.join(defined, operator === "or_" ? sql` or ` : sql` and `)})`;
}

type ColumnName = { [Name in TableName]: `${Name}.${keyof Tables[Name] & string}` }[TableName];

/** A column by its full name, checked against the tables. */
export function column(name: ColumnName): RawBuilder<unknown> {
  return sql.ref(name);
}
