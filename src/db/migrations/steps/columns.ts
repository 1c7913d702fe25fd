import { sql } from "kysely";
import { hasColumn, hasTable } from "../../dialects/catalog.ts";
import { dialectOf } from "../../dialects/dialect.ts";
import { changeSchema } from "../change-schema.ts";
import { addColumnSql } from "../ddl.ts";
import type { Step } from "../step.ts";
import type { Column } from "../table-definition.ts";

/** Adds a column that has a default or may be null, so that no row is touched. */
export function addColumn(table: string, name: string, column: Column): Step {
  return {
    title: `Add column ${table}.${name}`,
    run: ({ database }) =>
      changeSchema(database, async (tx) => {
        if (await hasColumn(tx, table, name)) return;
        await sql.raw(addColumnSql(dialectOf(tx).name, table, [name, column])).execute(tx);
      }),
  };
}

export function dropColumn(table: string, name: string): Step {
  return {
    title: `Drop column ${table}.${name}`,
    table,
    run: ({ database }) =>
      changeSchema(database, async (tx) => {
        if (!(await hasTable(tx, table)) || !(await hasColumn(tx, table, name))) return;
        await sql`alter table ${sql.id(table)} drop column ${sql.id(name)}`.execute(tx);
      }),
  };
}
