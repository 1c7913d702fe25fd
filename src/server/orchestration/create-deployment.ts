import type { Db } from "../../db/database.ts";
import { hasBlockDocument } from "../../db/repositories/deployment-references.ts";
import {
  type DeploymentRow,
  findDeployment,
  findDeploymentOfFlow,
  insertDeployment,
  updateDeployment,
} from "../../db/repositories/deployments.ts";
import { findFlow } from "../../db/repositories/flows.ts";
import { findWorkPool } from "../../db/repositories/work-pools.ts";
import type { NewRow } from "../../db/tables.ts";
import { parseJson } from "../../kit/json.ts";
import type { DeploymentCreate } from "../../schemas/deployment.ts";
import type { ServerContext } from "../context.ts";
import { DeploymentBlockNotFound, IntegrityConflict, WorkPoolNotFound } from "../errors.ts";
import { type Eventful, writeWithEvents } from "../events/lifecycle.ts";
import { deploymentColumns } from "./deployment-columns.ts";
import { deploymentUpdateEvents } from "./deployment-events.ts";
import { applyOwnLimit, checkSharedLimit } from "./deployment-limit.ts";
import { resolveQueue } from "./deployment-queue.ts";
import { forgetScheduledRuns, replaceSchedules } from "./deployment-schedules.ts";
import { checkJobVariables } from "./job-variables.ts";
import { deploymentEvent } from "./polls.ts";
import { AGENT_POOL } from "./work-pools.ts";

export interface CreatedDeployment {
  readonly row: DeploymentRow;
  /** False when the flow had a deployment of that name, which is now as asked for. */
  readonly isNew: boolean;
}

/**
 * Makes a deployment, or changes what the request names of the one of that flow and name; its schedules are replaced and
 * the runs they made ahead are deleted.
 * @throws WorkPoolNotFound, JobVariablesRefused, ConcurrencyLimitOfDeploymentNotFound, DeploymentBlockNotFound, IntegrityConflict
 */
export async function createDeployment(ctx: ServerContext, body: DeploymentCreate): Promise<CreatedDeployment> {
  return await writeWithEvents(ctx, (tx) => upsert(ctx, tx, body));
}

async function upsert(ctx: ServerContext, tx: Db, body: DeploymentCreate): Promise<Eventful<CreatedDeployment>> {
  await checkPool(ctx, tx, body);
  await checkSharedLimit(tx, body.global_concurrency_limit_id);
  const queue = await resolveQueue(ctx, tx, body);
  await checkBlocks(tx, body);

  const { before, id } = await insertOrFind(ctx, tx, { body, queueId: queue.result });
  await forgetScheduledRuns(ctx, tx, id);
  await replaceSchedules(ctx, tx, { deployment_id: id, schedules: body.schedules ?? [] });
  await applyOwnLimit(ctx, tx, { deployment_id: id, limit: body.concurrency_limit });

  const row = (await findDeployment(tx, id)) as DeploymentRow;
  const told = before ? deploymentUpdateEvents(ctx, before, row) : [deploymentEvent(ctx, "created", row)];
  return { result: { row, isNew: before === undefined }, events: [...queue.events, ...told] };
}

async function checkPool(ctx: ServerContext, tx: Db, body: DeploymentCreate): Promise<void> {
  const { work_pool_name, job_variables } = body;
  if (!work_pool_name || work_pool_name === AGENT_POOL) return;
  const pool = await findWorkPool(tx, work_pool_name);
  if (!pool) throw WorkPoolNotFound(work_pool_name);
  if (!job_variables || Object.keys(job_variables).length === 0) return;
  await checkJobVariables(ctx, tx, {
    template: pool.base_job_template,
    layers: [job_variables],
    doing: "Error creating deployment: ",
    mustBeComplete: false,
  });
}

async function checkBlocks(tx: Db, body: DeploymentCreate): Promise<void> {
  const { infrastructure_document_id: infrastructure, storage_document_id: storage } = body;
  if (infrastructure && !(await hasBlockDocument(tx, infrastructure))) {
    throw DeploymentBlockNotFound("infrastructure", infrastructure);
  }
  if (storage && !(await hasBlockDocument(tx, storage))) throw DeploymentBlockNotFound("storage", storage);
}

/** What a new deployment is where the request says nothing. */
const UNSET = { enforce_parameter_schema: true, parameter_openapi_schema: "{}", pull_steps: "[]" };

/** Another replica may insert the same name at the same time: the loser changes the winner's. */
async function insertOrFind(
  ctx: ServerContext,
  tx: Db,
  from: { readonly body: DeploymentCreate; readonly queueId: string | null | undefined },
): Promise<{ readonly before: DeploymentRow | undefined; readonly id: string }> {
  const { body, queueId } = from;
  const { flow_id, name } = body;
  const flow = await findFlow(tx, flow_id);
  if (!flow) throw IntegrityConflict(undefined);
  const inherited = flow.labels === null ? {} : (parseJson(flow.labels) as object);
  const now = ctx.db.dialect.timestamp(ctx.clock.now());
  const columns = {
    ...deploymentColumns(body),
    ...(queueId === undefined ? {} : { work_queue_id: queueId }),
    labels: JSON.stringify({ ...inherited, "prefect.flow.id": flow_id, ...body.labels }),
    updated: now,
  };

  const known = await findDeploymentOfFlow(tx, { flow_id, name });
  const id = ctx.ids.next();
  const fresh = { ...UNSET, ...columns, id, created: now, name, flow_id } as NewRow<"deployment">;
  if (!known && (await insertDeployment(tx, fresh))) return { before: undefined, id };
  const before = known ?? ((await findDeploymentOfFlow(tx, { flow_id, name })) as DeploymentRow);
  await updateDeployment(tx, before.id, columns);
  return { before, id: before.id };
}
