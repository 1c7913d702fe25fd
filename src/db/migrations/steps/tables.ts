import { sql } from "kysely";
import { hasTable } from "../../dialects/catalog.ts";
import { dialectOf } from "../../dialects/dialect.ts";
import { changeSchema } from "../change-schema.ts";
import { createStatements } from "../ddl.ts";
import type { Step } from "../step.ts";
import type { Table } from "../table-definition.ts";

/** Creates a table as it was at the revision, with its unique and other indexes. */
export function createTable(name: string, table: Table): Step {
  return {
    title: `Create table ${name}`,
    run: ({ database }) =>
      changeSchema(database, async (tx) => {
        if (await hasTable(tx, name)) return;
        for (const statement of createStatements(dialectOf(tx).name, { [name]: table }, {})) {
          await sql.raw(statement).execute(tx);
        }
      }),
  };
}

/** Drops a table with its rows and indexes. */
export function dropTable(name: string): Step {
  return {
    title: `Drop table ${name}`,
    run: ({ database }) => changeSchema(database, (tx) => sql`drop table if exists ${sql.id(name)}`.execute(tx)),
  };
}
