import { DatabaseSync } from "node:sqlite";
import { onPostgres } from "../../support/postgres.ts";

type Row = Readonly<Record<string, unknown>>;

/** Every row of every table of the reference's, one line each: compares as a set. */
export async function readRows(where: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const rows = where.startsWith("postgresql:") ? await readPostgres(where) : readSqlite(where);
  return Object.fromEntries(
    [...rows].map(([table, found]) => [table, found.map((row) => JSON.stringify(comparable(table, row))).sort()]),
  );
}

function readSqlite(path: string): Map<string, readonly Row[]> {
  const db = new DatabaseSync(path, { readOnly: true });
  const names = db.prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'").all();
  const ours = names.map(({ name }) => String(name)).filter((name) => !name.startsWith("prefect_ts_"));
  const rows = new Map(ours.map((name) => [name, db.prepare(`select * from "${name}"`).all() as Row[]]));
  db.close();
  return rows;
}

async function readPostgres(url: string): Promise<Map<string, readonly Row[]>> {
  return onPostgres(url, async (client) => {
    await client.query("set time zone 'UTC'");
    const tables = await client.query("select tablename from pg_tables where schemaname = 'public'");
    const rows = new Map<string, readonly Row[]>();
    for (const { tablename } of tables.rows) {
      if (tablename.startsWith("prefect_ts_")) continue;
      const found = await client.query(`select to_jsonb(t)::text as row from "${tablename}" t`);
      rows.set(
        tablename,
        found.rows.map(({ row }) => JSON.parse(row)),
      );
    }
    return rows;
  });
}

/** Keys in one order; what a migration makes up itself, and our own words for a message, left out. */
function comparable(table: string, row: Row): Row {
  const sorted = Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
  const read = (value: unknown) => (typeof value === "string" ? JSON.parse(value) : value);
  if (table === "concurrency_limit") return { ...sorted, active_slots: read(row.active_slots) };
  if (table !== "automation" || row.description !== "Migrated from a flow run notification policy") return sorted;
  const trigger = read(row.trigger);
  const [action] = read(row.actions);
  const body = action.body.startsWith("\n") ? placeholders(action.body) : action.body;
  const parsed = { trigger: { ...trigger, id: "", expect: trigger.expect.toSorted() }, actions: [{ ...action, body }] };
  return { ...sorted, ...parsed, id: "", created: "", updated: "" };
}

/** What a message is about, whatever its words. */
function placeholders(body: string): readonly string[] {
  return [...body.matchAll(/\{\{.*?\}\}/g)].map(([found]) => found).sort();
}
