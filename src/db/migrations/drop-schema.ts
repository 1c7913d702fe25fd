import { sql } from "kysely";
import type { Database, Db } from "../database.ts";
import { hasTable, lockSchema } from "../dialects/catalog.ts";
import { enums, schema } from "./0001-schema.ts";
import { hourWatches } from "./hour-count-triggers.ts";
import { ownTables } from "./tables/own.ts";

/** Tables that older releases of the reference had. */
const FORMER_TABLES = ["flow_run_notification_queue", "flow_run_notification_policy"];

/** Drops every table of Prefect with all that is in it; other tables stay. */
export async function dropSchema(database: Database): Promise<void> {
  const isPostgres = database.dialect.name === "postgres";
  await database.write(async (tx) => {
    await lockSchema(tx);
    const names: string[] = [];
    for (const name of [...FORMER_TABLES, ...Object.keys({ ...schema, ...ownTables })])
      if (await hasTable(tx, name)) names.push(name);
    if (!isPostgres) return dropAcrossRings(tx, names);
    for (const name of names) await sql`drop table ${sql.id(name)} cascade`.execute(tx);
    for (const name of hourWatches("postgres").flatMap(({ functions }) => Object.keys(functions)))
      await sql`drop function if exists ${sql.id(name)}()`.execute(tx);
    for (const name of Object.keys(enums)) await sql`drop type if exists ${sql.id(name)} cascade`.execute(tx);
  });
}

/**
 * The tables refer to each other in rings. SQLite refuses to drop one while another that refers to it also refers to
 * one already gone, so what is refused is tried again after the rest.
 */
async function dropAcrossRings(tx: Db, names: readonly string[]): Promise<void> {
  await sql`pragma defer_foreign_keys = on`.execute(tx);
  for (let left = names; left.length > 0; ) {
    const refused: string[] = [];
    let reason: unknown;
    for (const name of left) {
      await sql`drop table ${sql.id(name)}`.execute(tx).catch((error: unknown) => {
        refused.push(name);
        reason = error;
      });
    }
    if (refused.length === left.length) throw reason;
    left = refused;
  }
}
