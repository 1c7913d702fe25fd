import { sql } from "kysely";
import type { Db } from "../database.ts";
import { hasTable } from "../dialects/catalog.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { createStatements } from "./ddl.ts";
import { ownTables } from "./tables/own.ts";

/** Creates the tables that the reference knows nothing of, where they are missing. */
export async function createOwnTables(tx: Db): Promise<void> {
  for (const [name, table] of Object.entries(ownTables)) {
    if (await hasTable(tx, name)) continue;
    for (const statement of createStatements(dialectOf(tx).name, { [name]: table }, {})) {
      await sql.raw(statement).execute(tx);
    }
  }
}

export async function hasOwnTables(db: Db): Promise<boolean> {
  for (const name of Object.keys(ownTables)) if (!(await hasTable(db, name))) return false;
  return true;
}
