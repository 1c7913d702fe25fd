import { sql } from "kysely";
import type { Db } from "./database.ts";
import { dialectOf } from "./dialects/dialect.ts";
import { type ColumnType, manyRows } from "./dialects/many-rows.ts";
import { prepare } from "./prepared.ts";
import type { TableName } from "./tables.ts";

/** Inserts rows, given as values in the order of the columns. */
export type BulkInsert = (db: Db, rows: readonly (readonly unknown[])[]) => Promise<void>;

/**
 * Declares an insert of any number of rows by one prepared statement, whose text and plan do not depend on how many.
 * Strings must be well formed and free of NUL.
 */
export function bulkInsert(table: TableName, columns: Readonly<Record<string, ColumnType>>): BulkInsert {
  const names = Object.keys(columns);
  const insert = prepare<Readonly<Record<string, unknown>>>(`bulk_insert_${table}`, (db, value) => {
    const rows = manyRows(dialectOf(db)).select(Object.values(columns), (parameter) => value(String(parameter)));
    const target = sql`${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))})`;
    return { compile: () => sql`insert into ${target} ${rows}`.compile(db) as never };
  });
  return async (db, rows) => {
    if (rows.length === 0) return;
    const parameters = manyRows(dialectOf(db)).parameters(rows, names.length);
    await insert(db, Object.fromEntries(parameters.map((parameter, index) => [String(index), parameter])));
  };
}
