import { sql } from "kysely";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";

export interface NextRun {
  readonly id: string;
  readonly flow_id: string;
  readonly name: string;
  readonly state_name: string;
  readonly state_type: string;
  readonly next_scheduled_start_time: Timestamp;
}

/** The SCHEDULED run of each flow that is due first; flows without one are left out. */
export async function listNextRuns(db: Db, flowIds: readonly string[]): Promise<readonly NextRun[]> {
  const first = db
    .selectFrom("flow_run as upcoming")
    .select("upcoming.id")
    .where(sql<boolean>`upcoming.flow_id = flow.id`)
    .where("upcoming.state_type", "=", sql.lit("SCHEDULED"))
    .where("upcoming.next_scheduled_start_time", "is not", null)
    .orderBy("upcoming.next_scheduled_start_time")
    .orderBy("upcoming.id")
    .limit(1);
  const rows = await db
    .selectFrom("flow")
    .innerJoin("flow_run", (join) => join.on("flow_run.id", "=", first))
    .select([
      "flow_run.id",
      "flow_run.flow_id",
      "flow_run.name",
      "flow_run.state_name",
      "flow_run.state_type",
      "flow_run.next_scheduled_start_time",
    ])
    .where(isOneOf(dialectOf(db), column("flow.id"), { of: flowIds, type: "uuid" }))
    .execute();
  return rows as readonly NextRun[];
}

/** How many of something belong to each id; ids without any are left out. */
export type CountById = ReadonlyMap<string, number>;

/** The task runs of flow runs by flow run, without those that stand for subflows. */
export async function countTaskRunsByFlowRun(db: Db, flowRunIds: readonly string[]): Promise<CountById> {
  const rows = await db
    .selectFrom("task_run")
    .select((query) => ["flow_run_id as id", query.fn.countAll<number>().as("count")])
    .where(isOneOf(dialectOf(db), column("task_run.flow_run_id"), { of: flowRunIds, type: "uuid" }))
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom("flow_run").select("id").whereRef("flow_run.parent_task_run_id", "=", "task_run.id"))),
    )
    .groupBy("flow_run_id")
    .execute();
  return countsOf(rows);
}

/** The deployments of flows by flow. */
export async function countDeploymentsByFlow(db: Db, flowIds: readonly string[]): Promise<CountById> {
  const rows = await db
    .selectFrom("deployment")
    .select((query) => ["flow_id as id", query.fn.countAll<number>().as("count")])
    .where(isOneOf(dialectOf(db), column("deployment.flow_id"), { of: flowIds, type: "uuid" }))
    .groupBy("flow_id")
    .execute();
  return countsOf(rows);
}

function countsOf(rows: readonly { readonly id: string | null; readonly count: number }[]): CountById {
  return new Map(rows.flatMap(({ id, count }) => (id === null ? [] : [[id, Number(count)]])));
}
