import type { Db } from "../../db/database.ts";
import { isIntegrityViolation } from "../../db/errors.ts";
import { type DeploymentRow, findDeployment } from "../../db/repositories/deployments.ts";
import { insertEvents } from "../../db/repositories/events.ts";
import type { Client } from "../../domain/orchestration/facts.ts";
import type { JsonObject } from "../../domain/parameters/json-types.ts";
import { PrefectError } from "../../kit/errors.ts";
import { parseJson } from "../../kit/json.ts";
import type { DeploymentFlowRunCreate, FlowRunCreateResult } from "../../schemas/flow-run.ts";
import { queueForTriggers } from "../automations/queue.ts";
import type { ServerContext } from "../context.ts";
import {
  CircularSchema,
  DeploymentNotFound,
  IntegrityConflict,
  NoParameterSchema,
  ParametersRefused,
  QueueWithoutPool,
  UnhydratableParameters,
} from "../errors.ts";
import { type CreatedFlowRun, createFlowRunIn } from "./create-flow-run.ts";
import { checkJobVariables } from "./job-variables.ts";
import { checkParameters, hydrateParameters } from "./run-parameters.ts";
import { announce, type Outcome } from "./set-flow-run-state.ts";
import { ensureQueueInPool } from "./work-queues.ts";

/** A run asked of a deployment, and who asks. */
export interface RunRequest {
  readonly body: DeploymentFlowRunCreate;
  readonly client: Client;
  /** Null when nobody says who asks. */
  readonly created_by?: unknown;
}

/**
 * Makes a run of a deployment, scheduled now unless the request says otherwise.
 * @throws DeploymentNotFound, UnhydratableParameters, NoParameterSchema, ParametersRefused, JobVariablesRefused, QueueWithoutPool
 */
export async function runDeployment(ctx: ServerContext, id: string, request: RunRequest): Promise<CreatedFlowRun> {
  const { created, outcome } = await ctx.db.write(async (tx) => {
    const deployment = await findDeployment(tx, id);
    if (!deployment) throw DeploymentNotFound();
    return await createRun(ctx, tx, { ...request, deployment });
  });
  announce(ctx, outcome);
  return created;
}

/** Makes one run per body; what is wrong with one body is told in its place. @throws DeploymentNotFound */
export async function runDeploymentOften(
  ctx: ServerContext,
  id: string,
  requests: readonly RunRequest[],
): Promise<readonly FlowRunCreateResult[]> {
  if (!(await findDeployment(ctx.db.read, id))) throw DeploymentNotFound();
  return await Promise.all(
    requests.map(async (request): Promise<FlowRunCreateResult> => {
      try {
        const { run } = await runDeployment(ctx, id, request);
        return { flow_run_id: run.id, status: "CREATED", error: null };
      } catch (error) {
        if (isIntegrityViolation(error)) {
          return { flow_run_id: null, status: "FAILED", error: IntegrityConflict(error).message };
        }
        if (!(error instanceof PrefectError) || error.status >= 500) throw error;
        return { flow_run_id: null, status: "FAILED", error: shortReason(error, request.body) };
      }
    }),
  );
}

/** What is wrong with one of many, in fewer words than with the only one. */
function shortReason(error: PrefectError, body: DeploymentFlowRunCreate): string {
  const { message } = error;
  const why = message.replace(/^Error (?:hydrating flow run parameters|creating flow run): /, "");
  if (QueueWithoutPool.is(error)) {
    return `Cannot create flow run in work queue ${body.work_queue_name} because deployment is not associated with a work pool.`;
  }
  if (NoParameterSchema.is(error)) {
    return "Parameter schema enforcement is enabled but deployment has no valid schema.";
  }
  if (ParametersRefused.is(error)) return `Parameter validation failed: ${why}`;
  if (CircularSchema.is(error)) return "Invalid schema: circular references detected.";
  return UnhydratableParameters.is(error) ? why : message;
}

async function createRun(
  ctx: ServerContext,
  tx: Db,
  request: RunRequest & { readonly deployment: DeploymentRow },
): Promise<{ readonly created: CreatedFlowRun; readonly outcome: Outcome }> {
  const { deployment, body, client, created_by } = request;
  const parameters = await readParameters(tx, deployment, body);
  await checkVariables(ctx, tx, { deployment, body });
  const queue = await chooseQueue(ctx, tx, { deployment, name: body.work_queue_name });
  const { created, outcome } = await createFlowRunIn(ctx, tx, {
    ...body,
    client,
    created_by,
    parameters,
    flow_id: deployment.flow_id,
    deployment_id: deployment.id,
    deployment_version: deployment.version,
    state: body.state ?? { type: "SCHEDULED" },
    tags: [...new Set([...(parseJson(deployment.tags) as string[]), ...body.tags])],
    name: body.name ?? null,
    infrastructure_document_id: body.infrastructure_document_id ?? deployment.infrastructure_document_id,
    work_queue_id: queue.id,
    work_queue_name: queue.name,
  });
  const { events = [], afterCommit = [] } = outcome ?? {};
  return { created, outcome: { events: [...queue.events, ...events], afterCommit } };
}

async function readParameters(tx: Db, deployment: DeploymentRow, body: DeploymentFlowRunCreate): Promise<JsonObject> {
  const merged = { ...(parseJson(deployment.parameters) as JsonObject), ...body.parameters };
  const parameters = await hydrateParameters(tx, merged, "hydrating flow run parameters");
  if (body.enforce_parameter_schema ?? deployment.enforce_parameter_schema) {
    const { parameter_openapi_schema: schema } = deployment;
    checkParameters(parameters, schema === null ? null : parseJson(schema), { doing: "creating flow run" });
  }
  return parameters;
}

/** A deployment that is served has no work pool, and so nothing to check against. */
async function checkVariables(
  ctx: ServerContext,
  tx: Db,
  { deployment, body }: { readonly deployment: DeploymentRow; readonly body: DeploymentFlowRunCreate },
): Promise<void> {
  if (deployment.base_job_template === null) return;
  await checkJobVariables(ctx, tx, {
    template: deployment.base_job_template,
    layers: [parseJson(deployment.infra_overrides), body.job_variables],
    doing: "Error creating flow run: ",
    mustBeComplete: true,
  });
}

async function chooseQueue(
  ctx: ServerContext,
  tx: Db,
  from: { readonly deployment: DeploymentRow; readonly name: string | null },
) {
  const { deployment, name } = from;
  if (!name) return { id: deployment.work_queue_id, name: deployment.work_queue_name, events: [] };
  if (deployment.work_pool_name === null) throw QueueWithoutPool(name, deployment.id);
  const { result, events } = await ensureQueueInPool(ctx, tx, { pool: deployment.work_pool_name, queue: name });
  await insertEvents(tx, events, { now: ctx.clock.now(), nextId: () => ctx.ids.next() });
  await queueForTriggers(ctx, tx, events);
  return { id: result.id, name, events };
}
