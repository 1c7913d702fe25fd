import type { Db } from "../database.ts";

/** The id of the deployment's concurrency limit; null where it has none, or there is no such deployment. */
export async function findDeploymentLimitId(db: Db, deploymentId: string): Promise<string | null> {
  const query = db.selectFrom("deployment").select("concurrency_limit_id").where("id", "=", deploymentId);
  const row = await query.executeTakeFirst();
  return row?.concurrency_limit_id ?? null;
}
