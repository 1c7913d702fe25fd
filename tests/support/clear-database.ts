import { DatabaseSync } from "node:sqlite";
import { onPostgres } from "./postgres.ts";

/** What a running server has read, and takes to be still there. */
const KEPT = new Set(["alembic_version", "configuration"]);

/** Deletes all user data of a Prefect database while a server may have it open. Takes both projects' URL spellings. */
export async function clearDatabase(url: string): Promise<void> {
  if (url.startsWith("sqlite")) clearSqlite(url.replace(/^sqlite(\+aiosqlite)?:\/\/\//, ""));
  else await clearPostgres(url.replace("postgresql+asyncpg://", "postgresql://"));
}

function clearSqlite(path: string): void {
  const db = new DatabaseSync(path, { timeout: 10_000, enableForeignKeyConstraints: false });
  try {
    const tables = db.prepare("select name from sqlite_master where type = 'table'").all();
    db.exec("begin immediate");
    for (const { name } of tables) if (isCleared(String(name))) db.exec(`delete from "${name}"`);
    db.exec("commit");
  } finally {
    db.close();
  }
}

async function clearPostgres(url: string): Promise<void> {
  await onPostgres(url, async (client) => {
    const tables = await client.query("select tablename as name from pg_tables where schemaname = 'public'");
    const names = tables.rows.map((row) => String(row.name)).filter(isCleared);
    // Not TRUNCATE: its exclusive lock would wait for the server's idle transactions.
    const deletes = names.map((name) => `delete from "${name}";`).join("");
    await client.query(`begin; set local session_replication_role = replica; ${deletes} commit;`);
  });
}

function isCleared(table: string): boolean {
  return !KEPT.has(table) && !table.startsWith("sqlite_") && !table.startsWith("prefect_ts_");
}
