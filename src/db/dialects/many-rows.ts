import { type RawBuilder, sql } from "kysely";
import type { Dialect } from "./dialect.ts";

/** PostgreSQL's name of a column's type. */
export type ColumnType = "uuid" | "text" | "integer" | "timestamptz";

/** A parameter that holds many rows, and the query that gives them back. */
export interface ManyRows {
  /** The query that reads the rows, as columns c0, c1 and so on; `value(n)` marks where the n-th parameter goes. */
  select(types: readonly ColumnType[], value: (parameter: number) => unknown): RawBuilder<unknown>;
  /** The parameters for some rows, each a list of values in the order of the types. Text must be well formed. */
  parameters(rows: readonly (readonly unknown[])[], width: number): readonly unknown[];
}

const name = (index: number) => sql.ref(`c${index}`);

const sqlite: ManyRows = {
  select: (types, value) =>
    sql`select ${sql.join(types.map((_type, index) => sql`value ->> ${sql.lit(index)} as ${name(index)}`))} from json_each(${value(0)})`,
  parameters: (rows) => [JSON.stringify(rows)],
};

const postgres: ManyRows = {
  select: (types, value) =>
    sql`select * from unnest(${sql.join(types.map((type, index) => sql`${value(index)}::${sql.raw(type)}[]`))}) as given(${sql.join(types.map((_type, index) => name(index)))})`,
  parameters: (rows, width) => Array.from({ length: width }, (_, index) => rows.map((row) => row[index])),
};

/** How many rows travel in parameters whose number does not depend on how many there are. */
export function manyRows(dialect: Dialect): ManyRows {
  return dialect.name === "sqlite" ? sqlite : postgres;
}
