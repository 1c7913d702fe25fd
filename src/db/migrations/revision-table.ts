import { sql } from "kysely";
import type { Db } from "../database.ts";
import { hasTable } from "../dialects/catalog.ts";

/** The Alembic revision the database says it is at; undefined where no Prefect has been. */
export async function findRevision(db: Db): Promise<string | undefined> {
  if (!(await hasTable(db, "alembic_version"))) return undefined;
  const row = await db.selectFrom("alembic_version").select("version_num").executeTakeFirst();
  return row?.version_num;
}

/** Notes that the database has gone from one revision to another; false when it was no longer at the first. */
export async function moveRevision(tx: Db, from: string, to: string): Promise<boolean> {
  const moved = await tx
    .updateTable("alembic_version")
    .set({ version_num: to })
    .where("version_num", "=", from)
    .executeTakeFirst();
  return moved.numUpdatedRows > 0n;
}

/** Writes the revision whatever was there, and changes nothing else. */
export async function stampRevision(tx: Db, revision: string): Promise<void> {
  await sql`create table if not exists alembic_version
    (version_num varchar(32) not null, constraint alembic_version_pkc primary key (version_num))`.execute(tx);
  await tx.deleteFrom("alembic_version").execute();
  await tx.insertInto("alembic_version").values({ version_num: revision }).execute();
}
