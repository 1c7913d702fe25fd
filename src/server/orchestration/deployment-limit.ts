import type { Db } from "../../db/database.ts";
import {
  deleteLimit,
  hasConcurrencyLimit,
  insertDeploymentLimit,
  resizeLimit,
} from "../../db/repositories/deployment-references.ts";
import { type DeploymentRow, findDeployment, updateDeployment } from "../../db/repositories/deployments.ts";
import type { ServerContext } from "../context.ts";
import { ConcurrencyLimitOfDeploymentNotFound } from "../errors.ts";

/** Gives the deployment a concurrency limit of its own, resizes the one it has, or takes it away (null). */
export async function applyOwnLimit(
  ctx: ServerContext,
  tx: Db,
  of: { readonly deployment_id: string; readonly limit: number | null | undefined },
): Promise<void> {
  const { deployment_id, limit } = of;
  if (limit === undefined) return;
  const { concurrency_limit_id, limit_size } = (await findDeployment(tx, deployment_id)) as DeploymentRow;
  if (limit_size === limit) return;
  const now = ctx.db.dialect.timestamp(ctx.clock.now());
  if (limit === null) {
    if (concurrency_limit_id !== null) await deleteLimit(tx, concurrency_limit_id);
    return;
  }
  if (concurrency_limit_id !== null) {
    await resizeLimit(tx, concurrency_limit_id, { limit, updated: now });
    return;
  }
  const id = ctx.ids.next();
  await insertDeploymentLimit(tx, { id, created: now, updated: now, name: `deployment:${deployment_id}`, limit });
  await updateDeployment(tx, deployment_id, { concurrency_limit_id: id });
}

/** @throws ConcurrencyLimitOfDeploymentNotFound */
export async function checkSharedLimit(tx: Db, id: string | null | undefined): Promise<void> {
  if (id && !(await hasConcurrencyLimit(tx, id))) throw ConcurrencyLimitOfDeploymentNotFound();
}
