import { sql } from "kysely";
import type { Database, Db } from "../database.ts";
import { hasTable, lockSchema } from "../dialects/catalog.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { ForeignDatabase, OutdatedDatabase, UnknownRevision } from "../errors.ts";
import { createSchema, HEAD } from "./0001-schema.ts";
import { createStatements } from "./ddl.ts";
import { REVISIONS } from "./revisions.ts";
import { ownTables } from "./tables/own.ts";

/** What `migrate` found and did. */
export type Migration = "created" | "current";

/**
 * Brings the database to the tables of 3.9.1: creates them when it is empty, leaves them alone when they are there.
 * Several processes may call it at once. Throws an error of the catalogue for any other database.
 */
export async function migrate(database: Database): Promise<Migration> {
  const { name } = database.dialect;
  return database.write(async (tx) => {
    await lockSchema(tx);
    const revision = await findRevision(tx);
    if (revision === HEAD[name]) {
      await createOwnTables(tx);
      return "current";
    }
    if (revision !== undefined)
      throw REVISIONS[name].includes(revision) ? OutdatedDatabase(revision) : UnknownRevision(revision);
    if (await hasTable(tx, "flow_run")) throw ForeignDatabase();
    for (const statement of createSchema(name)) await sql.raw(statement).execute(tx);
    await createOwnTables(tx);
    return "created";
  });
}

/** The reference's revisions know nothing of these, so each is looked for. */
async function createOwnTables(tx: Db): Promise<void> {
  for (const [name, table] of Object.entries(ownTables)) {
    if (await hasTable(tx, name)) continue;
    for (const statement of createStatements(dialectOf(tx).name, { [name]: table }, {})) {
      await sql.raw(statement).execute(tx);
    }
  }
}

/** The Alembic revision the database says it is at; undefined where no Prefect has been. */
async function findRevision(tx: Db): Promise<string | undefined> {
  if (!(await hasTable(tx, "alembic_version"))) return undefined;
  const row = await tx.selectFrom("alembic_version").select("version_num").executeTakeFirst();
  // Left behind by a downgrade to nothing: the schema makes it anew.
  if (!row) await sql`drop table alembic_version`.execute(tx);
  return row?.version_num;
}
