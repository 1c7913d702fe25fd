import { createStatements } from "./ddl.ts";
import { storeStatistics } from "./sqlite-statistics.ts";
import { type Column, table } from "./table-definition.ts";
import { blockTables } from "./tables/blocks.ts";
import { eventTables } from "./tables/events.ts";
import { runTables, STATE_TYPES } from "./tables/runs.ts";
import {
  DEPLOYMENT_STATUSES,
  WORK_POOL_STATUSES,
  WORK_QUEUE_STATUSES,
  WORKER_STATUSES,
  workTables,
} from "./tables/work.ts";

/** The Alembic revision whose tables these are: the newest of 3.9.1. */
export const HEAD = { sqlite: "27d8f4e1a6c9", postgres: "91e2b8f3d6a4" } as const;

const revision: Column<string, string, false> = {
  sqlType: { sqlite: "VARCHAR(32)", postgres: "character varying(32)" },
  isNullable: false,
};

/** Every table of Prefect 3.9.1, with all of its unique indexes and, of the others, those our own queries need. */
export const schema = {
  alembic_version: table(
    "alembic_version",
    { version_num: revision },
    { primaryKey: { name: "alembic_version_pkc", column: "version_num" } },
  ),
  ...runTables,
  ...workTables,
  ...blockTables,
  ...eventTables,
};

export const enums = {
  deployment_status: DEPLOYMENT_STATUSES,
  state_type: STATE_TYPES,
  work_pool_status: WORK_POOL_STATUSES,
  work_queue_status: WORK_QUEUE_STATUSES,
  worker_status: WORKER_STATUSES,
};

/** The statements that turn an empty database into one at `HEAD`. */
export function createSchema(dialect: "sqlite" | "postgres"): readonly string[] {
  return [
    ...createStatements(dialect, schema, enums),
    ...(dialect === "sqlite" ? storeStatistics : []),
    `INSERT INTO alembic_version (version_num) VALUES ('${HEAD[dialect]}')`,
  ];
}
