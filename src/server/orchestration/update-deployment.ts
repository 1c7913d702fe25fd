import type { Db } from "../../db/database.ts";
import { deleteLimit } from "../../db/repositories/deployment-references.ts";
import {
  type DeploymentRow,
  deleteDeployment,
  findDeployment,
  updateDeployment,
} from "../../db/repositories/deployments.ts";
import { deleteScheduledRuns } from "../../db/repositories/scheduled-runs.ts";
import { findWorkPool } from "../../db/repositories/work-pools.ts";
import { checkAgainstSchema } from "../../domain/parameters/check-against-schema.ts";
import { isObject } from "../../domain/parameters/json-types.ts";
import { parseJson } from "../../kit/json.ts";
import type { DeploymentUpdate } from "../../schemas/deployment.ts";
import type { ServerContext } from "../context.ts";
import { CircularSchema, DeploymentToChangeNotFound, ParametersRefused, WorkPoolNotFound } from "../errors.ts";
import { type Eventful, writeWithEvents } from "../events/lifecycle.ts";
import { deploymentColumns } from "./deployment-columns.ts";
import { deploymentUpdateEvents } from "./deployment-events.ts";
import { applyOwnLimit, checkSharedLimit } from "./deployment-limit.ts";
import { resolveQueue } from "./deployment-queue.ts";
import { applyScheduleUpdates, forgetScheduledRuns } from "./deployment-schedules.ts";
import { deploymentEvent } from "./polls.ts";
import { checkParameters, hydrateParameters } from "./run-parameters.ts";

/** Changes what the request names; the runs made ahead are deleted whatever it is. @throws DeploymentToChangeNotFound */
export async function changeDeployment(ctx: ServerContext, id: string, update: DeploymentUpdate): Promise<void> {
  await writeWithEvents(ctx, async (tx) => {
    const before = await findDeployment(tx, id);
    if (!before) throw DeploymentToChangeNotFound();
    return await change(ctx, tx, { before, update });
  });
}

async function change(
  ctx: ServerContext,
  tx: Db,
  of: { readonly before: DeploymentRow; readonly update: DeploymentUpdate },
): Promise<Eventful<void>> {
  const { before, update } = of;
  await applyScheduleUpdates(ctx, tx, { deployment_id: before.id, updates: update.schedules });
  await checkPool(tx, update);
  const parameters = await newParameters(tx, of);
  await checkSharedLimit(tx, update.global_concurrency_limit_id);
  const queue = await newQueue(ctx, tx, update);

  await updateDeployment(tx, before.id, {
    ...deploymentColumns(parameters === undefined ? update : { ...update, parameters }),
    ...(queue.result === undefined ? {} : { work_queue_id: queue.result }),
    updated: ctx.db.dialect.timestamp(ctx.clock.now()),
  });
  await forgetScheduledRuns(ctx, tx, before.id);
  await applyOwnLimit(ctx, tx, { deployment_id: before.id, limit: update.concurrency_limit });
  const after = (await findDeployment(tx, before.id)) as DeploymentRow;
  return { result: undefined, events: [...queue.events, ...deploymentUpdateEvents(ctx, before, after)] };
}

async function checkPool(tx: Db, update: DeploymentUpdate): Promise<void> {
  if (!update.work_pool_name) return;
  const pool = await findWorkPool(tx, update.work_pool_name);
  if (!pool) throw WorkPoolNotFound(update.work_pool_name);
  const template = parseJson(pool.base_job_template);
  const schema = isObject(template) ? template.variables : undefined;
  if (!isObject(schema) || !update.job_variables) return;
  const problem = checkAgainstSchema(update.job_variables, schema, { ignoreRequired: true });
  if (problem?.kind === "circular") throw CircularSchema();
  if (problem) throw ParametersRefused("creating deployment", problem.message);
}

/** The parameters to store, checked as a whole against the schema there will be; undefined when they stay. */
async function newParameters(
  tx: Db,
  { before, update }: { readonly before: DeploymentRow; readonly update: DeploymentUpdate },
) {
  const given = update.parameters;
  const hydrated = given ? await hydrateParameters(tx, given, "hydrating deployment parameters") : undefined;
  if (update.enforce_parameter_schema ?? before.enforce_parameter_schema) {
    const { parameter_openapi_schema: text } = before;
    const schema = update.parameter_openapi_schema || (text === null ? null : parseJson(text));
    const options = { doing: "updating deployment", ignoreRequired: true };
    checkParameters(hydrated ?? parseJson(before.parameters), schema, options);
  }
  return hydrated;
}

/** A work pool that is null takes the deployment off its queue. */
async function newQueue(
  ctx: ServerContext,
  tx: Db,
  update: DeploymentUpdate,
): Promise<Eventful<string | null | undefined>> {
  if (update.work_pool_name === null) return { result: null, events: [] };
  return await resolveQueue(ctx, tx, update);
}

/** Deletes deployments with their scheduled runs and their concurrency limit, and gives the ids of those there were. */
export async function removeDeployments(
  ctx: ServerContext,
  list: (tx: Db) => Promise<readonly DeploymentRow[]>,
): Promise<readonly string[]> {
  return await writeWithEvents(ctx, async (tx) => {
    const rows = await list(tx);
    for (const row of rows) {
      // First: it waits for a scheduler that is making runs of it, whose runs are then seen.
      await deleteDeployment(tx, row.id);
      await deleteScheduledRuns(tx, { deployment_id: row.id, autoScheduledOnly: false });
      if (row.concurrency_limit_id !== null) await deleteLimit(tx, row.concurrency_limit_id);
    }
    const events = rows.map((row) => deploymentEvent(ctx, "deleted", row));
    return { result: rows.map(({ id }) => id), events };
  });
}

/** Pausing also deletes all runs that schedules have made and nobody has taken. @returns false for an unknown id */
export async function setDeploymentPaused(ctx: ServerContext, id: string, paused: boolean): Promise<boolean> {
  return await ctx.db.write(async (tx) => {
    const updated = ctx.db.dialect.timestamp(ctx.clock.now());
    const isKnown = await updateDeployment(tx, id, { paused, updated });
    if (isKnown && paused) await deleteScheduledRuns(tx, { deployment_id: id, autoScheduledOnly: true });
    return isKnown;
  });
}
