import { sql } from "kysely";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf, jsonText } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import type { Row } from "../tables.ts";
import { type FlowRunRow, flowRunQuery } from "./flow-runs.ts";

/**
 * Deletes a deployment's runs that are SCHEDULED and never ran; runs that wait for a concurrency slot stay.
 * @param of.after database form: only runs scheduled later; all when absent
 */
export async function deleteScheduledRuns(
  db: Db,
  of: { readonly deployment_id: string; readonly autoScheduledOnly: boolean; readonly after?: string },
): Promise<void> {
  let query = db
    .deleteFrom("flow_run")
    .where("deployment_id", "=", of.deployment_id)
    .where("state_type", "=", "SCHEDULED")
    .where("state_name", "!=", "AwaitingConcurrencySlot")
    .where("run_count", "=", 0);
  if (of.autoScheduledOnly) query = query.where("auto_scheduled", "=", true);
  if (of.after !== undefined) query = query.where("next_scheduled_start_time", ">", of.after);
  await query.execute();
}

/** SCHEDULED runs of these deployments, the next due first. `before` is in the database's form. */
export async function listScheduledRunsOfDeployments(
  db: Db,
  of: { readonly deploymentIds: readonly string[]; readonly before?: string | undefined; readonly limit: number },
): Promise<readonly FlowRunRow[]> {
  let query = flowRunQuery(db)
    .where(isOneOf(dialectOf(db), column("flow_run.deployment_id"), { of: of.deploymentIds, type: "uuid" }))
    .where("flow_run.state_type", "=", "SCHEDULED");
  if (of.before !== undefined) query = query.where("flow_run.next_scheduled_start_time", "<=", of.before);
  return await query.orderBy("flow_run.next_scheduled_start_time").orderBy("flow_run.id").limit(of.limit).execute();
}

/** What a scheduler needs to know of the runs a schedule already has. */
export interface ScheduleNeed {
  /** Database form. */
  readonly now: string;
  /** Database form: the last run must be at least this late. */
  readonly reach: string;
  readonly minRuns: number;
}

/**
 * Ids of unpaused deployments, greater than `afterId`, with an active schedule that has too few runs ahead, or whose last
 * run is too near.
 */
export async function listDeploymentsToSchedule(
  db: Db,
  need: ScheduleNeed,
  page: { readonly afterId: string | undefined; readonly limit: number },
): Promise<readonly string[]> {
  const dialect = dialectOf(db);
  const scheduleId = dialect.name === "postgres" ? sql`schedule.id::text` : sql`schedule.id`;
  const ahead = sql`from flow_run
    where flow_run.deployment_id = schedule.deployment_id and flow_run.state_type = 'SCHEDULED'
      and flow_run.next_scheduled_start_time >= ${need.now} and flow_run.auto_scheduled = true
      and ${jsonText(column("flow_run.created_by"), "id")} = ${scheduleId}`;
  let query = db
    .selectFrom("deployment")
    .select("deployment.id")
    .where("deployment.paused", "=", false)
    .where(
      sql<boolean>`exists (select 1 from deployment_schedule as schedule
        where schedule.deployment_id = deployment.id and schedule.active = true
          and ((select count(*) ${ahead}) < ${need.minRuns}
            or (select max(flow_run.next_scheduled_start_time) ${ahead}) < ${need.reach}))`,
    );
  if (page.afterId !== undefined) query = query.where("deployment.id", ">", page.afterId);
  const rows = await query.orderBy("deployment.id").limit(page.limit).execute();
  return rows.map(({ id }) => id);
}

/** Ids of unpaused deployments, greater than `afterId`, with an active schedule and changed since (database form). */
export async function listDeploymentsChangedSince(
  db: Db,
  since: string,
  page: { readonly afterId: string | undefined; readonly limit: number },
): Promise<readonly string[]> {
  let query = db
    .selectFrom("deployment")
    .select("deployment.id")
    .where("deployment.paused", "=", false)
    .where("deployment.updated", ">=", since)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom("deployment_schedule as schedule")
          .select("schedule.id")
          .whereRef("schedule.deployment_id", "=", "deployment.id")
          .where("schedule.active", "=", true),
      ),
    );
  if (page.afterId !== undefined) query = query.where("deployment.id", ">", page.afterId);
  const rows = await query.orderBy("deployment.id").limit(page.limit).execute();
  return rows.map(({ id }) => id);
}

/** What the runs of a deployment take from it. JSON as text. */
export type DeploymentTemplate = Pick<
  Row<"deployment">,
  | "id"
  | "flow_id"
  | "version"
  | "updated"
  | "work_queue_id"
  | "work_queue_name"
  | "parameters"
  | "tags"
  | "labels"
  | "infrastructure_document_id"
>;

/** Those of the deployments that are there, in any order. */
export async function listDeploymentTemplates(db: Db, ids: readonly string[]): Promise<readonly DeploymentTemplate[]> {
  return await db
    .selectFrom("deployment")
    .select(["id", "flow_id", "version", "updated", "work_queue_id", "work_queue_name"])
    .select(["parameters", "tags", "labels", "infrastructure_document_id"])
    .where(isOneOf(dialectOf(db), column("deployment.id"), { of: ids, type: "uuid" }))
    .execute();
}

/** A run by what makes it the only one of its kind. */
export interface RunKey {
  readonly flow_id: string;
  readonly idempotency_key: string;
}

/** Those of the keys that runs have already. */
export async function findKnownKeys(db: Db, keys: readonly RunKey[]): Promise<ReadonlySet<string>> {
  const [flows, texts] = [keys.map(({ flow_id }) => flow_id), keys.map((key) => key.idempotency_key)];
  const wanted =
    dialectOf(db).name === "sqlite"
      ? sql`(select value ->> 0 as flow_id, value ->> 1 as text
          from json_each(${JSON.stringify(keys.map((key) => [key.flow_id, key.idempotency_key]))}))`
      : sql`unnest(${flows}::uuid[], ${texts}::text[])`;
  const { rows } = await sql<{ text: string }>`
    select wanted.text from ${wanted} as wanted ${dialectOf(db).name === "sqlite" ? sql`` : sql`(flow_id, text)`}
    where exists (select 1 from flow_run
      where flow_run.flow_id = wanted.flow_id and flow_run.idempotency_key = wanted.text)`.execute(db);
  return new Set(rows.map(({ text }) => text));
}

/** When a schedule and its deployment were last changed. */
export type ScheduleStand = Pick<Row<"deployment_schedule">, "id" | "updated"> & {
  readonly deployment_updated: Row<"deployment">["updated"];
};

/** Keeps others from changing these schedules and their deployments until the transaction ends. */
export async function lockSchedules(tx: Db, ids: readonly string[]): Promise<readonly ScheduleStand[]> {
  const query = tx
    .selectFrom("deployment")
    .innerJoin("deployment_schedule as schedule", "schedule.deployment_id", "deployment.id")
    .select(["schedule.id", "schedule.updated", "deployment.updated as deployment_updated"])
    .where(isOneOf(dialectOf(tx), sql.ref("schedule.id"), { of: ids, type: "uuid" }))
    .where("schedule.active", "=", true)
    .orderBy("schedule.id");
  return await (dialectOf(tx).rowLocks ? query.forShare() : query).execute();
}
