import { sql } from "kysely";
import type { Database, Db } from "../../src/db/database.ts";

/** Each finds rows that must not exist, whatever happened to the server while it wrote. */
const BROKEN: Readonly<Record<string, string>> = {
  "a run whose state has no row, or another type":
    "select r.id from flow_run r left join flow_run_state s on s.id = r.state_id and s.flow_run_id = r.id where s.id is null or s.type <> r.state_type",
  "a state without its event": "select s.id from flow_run_state s left join events e on e.id = s.id where e.id is null",
  "a state of no run":
    "select s.id from flow_run_state s left join flow_run r on r.id = s.flow_run_id where r.id is null",
  "an event without its resources":
    "select e.id from events e left join event_resources r on r.event_id = e.id where r.id is null",
  "a task run whose state has no row":
    "select t.id from task_run t left join task_run_state s on s.id = t.state_id and s.task_run_id = t.id where s.id is null",
};

/** What is inconsistent in a database; empty when nothing is. */
export async function findInconsistencies(database: Database): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [what, query] of Object.entries(BROKEN)) {
    const { rows } = await sql.raw(query).execute(database.read);
    if (rows.length > 0) found.push(`${what}: ${rows.length}`);
  }
  return [...found, ...(database.dialect.name === "sqlite" ? await checkFile(database.read) : [])];
}

async function checkFile(db: Db): Promise<readonly string[]> {
  const integrity = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db);
  const foreignKeys = await sql`pragma foreign_key_check`.execute(db);
  const problems = integrity.rows.map((row) => row.integrity_check).filter((text) => text !== "ok");
  return foreignKeys.rows.length === 0 ? problems : [...problems, `foreign keys: ${foreignKeys.rows.length}`];
}
