import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import type { NewRow, Row, RowChanges } from "../tables.ts";

export type DeploymentScheduleRow = Row<"deployment_schedule">;

/** The schedules of these deployments, the last changed first. */
export async function listDeploymentSchedules(
  db: Db,
  deploymentIds: readonly string[],
): Promise<readonly DeploymentScheduleRow[]> {
  if (deploymentIds.length === 0) return [];
  return await db
    .selectFrom("deployment_schedule")
    .selectAll()
    .where(isOneOf(dialectOf(db), column("deployment_schedule.deployment_id"), { of: deploymentIds, type: "uuid" }))
    .orderBy("updated", "desc")
    .orderBy("id", "desc")
    .execute();
}

export async function insertDeploymentSchedules(
  db: Db,
  schedules: readonly NewRow<"deployment_schedule">[],
): Promise<void> {
  if (schedules.length === 0) return;
  await db.insertInto("deployment_schedule").values(schedules).execute();
}

/** Returns false when the deployment has no schedule of that id. */
export async function updateDeploymentSchedule(
  db: Db,
  key: { readonly deployment_id: string; readonly id: string },
  changes: RowChanges<"deployment_schedule">,
): Promise<boolean> {
  const rows = await db
    .updateTable("deployment_schedule")
    .set(changes)
    .where("id", "=", key.id)
    .where("deployment_id", "=", key.deployment_id)
    .returning("id")
    .execute();
  return rows.length === 1;
}

/** Returns false when the deployment has no schedule of that id. */
export async function deleteDeploymentSchedule(
  db: Db,
  key: { readonly deployment_id: string; readonly id: string },
): Promise<boolean> {
  const rows = await db
    .deleteFrom("deployment_schedule")
    .where("id", "=", key.id)
    .where("deployment_id", "=", key.deployment_id)
    .returning("id")
    .execute();
  return rows.length === 1;
}

export async function deleteSchedulesOfDeployment(db: Db, deploymentId: string): Promise<void> {
  await db.deleteFrom("deployment_schedule").where("deployment_id", "=", deploymentId).execute();
}
