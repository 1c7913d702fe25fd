import { sql } from "kysely";
import type { Database, Db } from "../database.ts";
import { estimateRows } from "../dialects/catalog.ts";
import { schema } from "./0001-schema.ts";
import { changeSchema } from "./change-schema.ts";
import { storeStatistics } from "./sqlite-statistics.ts";
import type { Step } from "./step.ts";
import { stepsToOwnIndexes } from "./swap-indexes.ts";

/** The steps that trade the reference's indexes for ours while servers run; none where there is nothing to trade. */
export async function planOptimization(database: Database): Promise<readonly Step[]> {
  const steps = await stepsToOwnIndexes(database);
  return steps.length === 0 ? [] : [...steps, tellPlanner];
}

const tellPlanner: Step = {
  title: "Tell the query planner",
  run: async ({ database }) => {
    if (!database.dialect.rowLocks) return changeSchema(database, refreshSqlite);
    for (const name of Object.keys(schema)) await sql`analyze ${sql.id(name)}`.execute(database.read);
  },
};

/** Tables smaller than this say little about what they will be. */
const SPEAKING_ROWS = 10_000;

async function refreshSqlite(tx: Db): Promise<void> {
  await sql`pragma analysis_limit = 1000`.execute(tx);
  await sql`analyze sqlite_schema`.execute(tx);
  await sql`delete from sqlite_stat1`.execute(tx);
  for (const statement of storeStatistics) await sql.raw(statement).execute(tx);
  for (const name of Object.keys(schema)) {
    if ((await estimateRows(tx, name)) >= SPEAKING_ROWS) await sql`analyze ${sql.id(name)}`.execute(tx);
  }
}
