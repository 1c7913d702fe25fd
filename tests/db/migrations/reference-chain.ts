import { chainOf, OLDEST } from "../../../src/db/migrations/chain.ts";
import { onPostgres, postgresUrl } from "../../support/postgres.ts";
import { runPython } from "../../support/python.ts";
import type { DatabaseKind } from "../../support/reference.ts";
import { insertOldRows, laterRows } from "./old-rows.ts";
import { makePlace } from "./places.ts";

const CREATE = `
import asyncio
from prefect.server.database.dependencies import provide_database_interface

async def main():
    db = provide_database_interface()
    await db.create_db()
    await (await db.engine()).dispose()

asyncio.run(main())
`;

/** Walks through the revisions and keeps a copy of the database at each; then back to the first. */
const WALK = `
import asyncio, json, os, shutil, sqlite3, sys
from prefect.server.database.alembic_commands import alembic_downgrade, alembic_upgrade
from prefect.utilities.asyncutils import run_sync_in_worker_thread

url = os.environ["PREFECT_API_DATABASE_CONNECTION_URL"]
plan = json.loads(sys.argv[1])

async def run(sql):
    if url.startswith("sqlite"):
        with sqlite3.connect(url.split("///", 1)[1]) as connection:
            connection.execute(sql)
        return
    import asyncpg
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute("set time zone 'UTC'; " + sql)
    await connection.close()

async def keep(name):
    if url.startswith("sqlite"):
        path = url.split("///", 1)[1]
        connection = sqlite3.connect(path)
        connection.execute("pragma wal_checkpoint(truncate)")
        connection.close()
        shutil.copy(path, f"{path}.{name}")
        return
    import asyncpg
    server, source = url.replace("+asyncpg", "").rsplit("/", 1)
    connection = await asyncpg.connect(server + "/postgres")
    await connection.execute(f"create database {source}_{name} template {source}")
    await connection.close()

async def main():
    for revision, inserts in plan:
        await run_sync_in_worker_thread(alembic_upgrade, revision=revision)
        for sql in inserts:
            await run(sql)
        await keep(revision)
    await run_sync_in_worker_thread(alembic_downgrade, revision=plan[0][0])
    await keep("downgraded")

asyncio.run(main())
`;

/** A database that Prefect 3.1.7 made, with rows in every table, as the reference's own migrations took it on. */
export interface ReferenceChain extends AsyncDisposable {
  /** Oldest first; the last is the newest of 3.9.1. */
  readonly revisions: readonly string[];
  /** The database at a revision, or `downgraded` from the newest to the oldest: copy it, do not open it. */
  at(revision: string): string;
}

export async function walkReferenceChain(kind: DatabaseKind): Promise<ReferenceChain> {
  const dialect = kind === "sqlite" ? "sqlite" : "postgres";
  const revisions = [OLDEST[dialect], ...chainOf(dialect).map(({ to }) => to)];
  const tableOf = {
    deployment_version: revisionWith("Keep versions"),
    automation_held_event: revisionWith("Keep events"),
  };
  function revisionWith(title: string): string {
    return chainOf(dialect).find(({ migration }) => migration.title.startsWith(title))?.to ?? "";
  }
  const plan = revisions.map((revision) => [
    revision,
    Object.entries(tableOf).flatMap(([table, since]) => (since === revision ? [laterRows[table]] : [])),
  ]);
  const place = await makePlace(kind);
  const env = { PREFECT_API_DATABASE_CONNECTION_URL: place.referenceUrl };
  await runPython("3.1.7", CREATE, { env });
  await insertOldRows(place.where);
  await runPython("3.9.1", WALK, { env, args: [JSON.stringify(plan)] });

  return {
    revisions,
    at: (revision) => (kind === "sqlite" ? `${place.where}.${revision}` : `${place.where}_${revision}`),
    async [Symbol.asyncDispose]() {
      if (kind === "postgresql") await dropCopies(place.where, [...revisions, "downgraded"]);
      await place[Symbol.asyncDispose]();
    },
  };
}

async function dropCopies(where: string, names: readonly string[]): Promise<void> {
  const database = new URL(where).pathname.slice(1);
  await onPostgres(postgresUrl() ?? "", async (client) => {
    for (const name of names) await client.query(`drop database if exists ${database}_${name} with (force)`);
  });
}
