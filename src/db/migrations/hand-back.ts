import { sql } from "kysely";
import type { Database, Db } from "../database.ts";
import { hasTable } from "../dialects/catalog.ts";
import { adapterOf } from "../dialects/dialect.ts";
import { schema } from "./0001-schema.ts";
import { slippedColumns } from "./0005-deployment-versions.ts";
import { changeSchema } from "./change-schema.ts";
import { columnSql } from "./ddl.ts";
import { TrigramsUnavailable } from "./errors.ts";
import { forgetOwnAutomations } from "./forget-own-automations.ts";
import type { Step } from "./step.ts";
import { stepsToReferenceIndexes } from "./swap-indexes.ts";
import { ownTables } from "./tables/own.ts";
import { unwatchHours } from "./watch-hours.ts";

/** The steps that leave exactly the reference's schema behind. No server of ours may run meanwhile, nor afterwards. */
export async function planHandBack(database: Database): Promise<readonly Step[]> {
  return [...(await stepsToReferenceSchema(database)), ...stepsToForgetUs];
}

/** The steps that restore the reference's own tables and indexes, beside our own tables. */
export async function stepsToReferenceSchema(database: Database): Promise<readonly Step[]> {
  const steps = await stepsToReferenceIndexes(database);
  return database.dialect.rowLocks ? [createTrigrams, ...steps] : [...steps, restoreDefaults];
}

const createTrigrams: Step = {
  title: "Create extension pg_trgm",
  run: async ({ database }) => {
    try {
      await sql`create extension if not exists pg_trgm`.execute(database.read);
    } catch (error) {
      throw TrigramsUnavailable(error);
    }
  },
};

/** Defaults of the reference that SQLite, or the reference itself, cannot read: ours are better, these are the same. */
const restoreDefaults: Step = {
  title: "Restore the reference's defaults",
  run: ({ database }) =>
    changeSchema(database, async (tx) => {
      const rewriteTable = adapterOf(tx).rewriteTable;
      for (const name of ["flow_run", "task_run"] as const) {
        rewriteTable?.(name, (declaration) =>
          declaration.replace(/("?total_run_time"? DATETIME DEFAULT )'1970-01-01 00:00:00.000000'/, "$1'0'"),
        );
      }
      const { columns } = schema.deployment_version;
      rewriteTable?.("deployment_version", (declaration) =>
        Object.entries(slippedColumns).reduce((text, [name, slipped]) => {
          const better = columnSql("sqlite", name, columns[name as keyof typeof slippedColumns]);
          return text.replace(better, () => columnSql("sqlite", name, slipped));
        }, declaration),
      );
    }),
};

/** The reference does not know our leases: what they hold would be held for ever. */
const freeLeasedSlots: Step = {
  title: "Free the slots of concurrency limits that leases hold",
  table: "concurrency_limit_v2",
  run: ({ database }) => changeSchema(database, freeSlots),
};

async function freeSlots(tx: Db): Promise<void> {
  if (!(await hasTable(tx, "prefect_ts_lease"))) return;
  const held =
    adapterOf(tx).dialect.name === "sqlite"
      ? sql`(select coalesce(sum(e.slots), 0) from prefect_ts_lease e, json_each(e.limit_ids) i where i.value = concurrency_limit_v2.id)`
      : sql`(select coalesce(sum(e.slots), 0) from prefect_ts_lease e where e.limit_ids @> jsonb_build_array(concurrency_limit_v2.id))`;
  await sql`
    update concurrency_limit_v2 set active_slots = case when active_slots > ${held} then active_slots - ${held} else 0 end
    where ${held} > 0`.execute(tx);
  await tx.deleteFrom("prefect_ts_lease").execute();
}

const dropTriggers: Step = {
  title: "Drop the triggers the reference does not have",
  run: ({ database }) => unwatchHours(database),
};

const dropOwnTables: Step = {
  title: "Drop the tables the reference does not have",
  run: ({ database }) =>
    changeSchema(database, async (tx) => {
      for (const name of Object.keys(ownTables)) await sql`drop table if exists ${sql.id(name)}`.execute(tx);
    }),
};

/** The steps that remove our own tables and what they stand for. */
export const stepsToForgetUs: readonly Step[] = [freeLeasedSlots, forgetOwnAutomations, dropTriggers, dropOwnTables];
