import { listScheduledRunsOfDeployments } from "../../db/repositories/scheduled-runs.ts";
import * as s from "../../kit/schema/schema.ts";
import { DeploymentFlowRunCreate, FlowRunBulkCreateResponse, FlowRunResponse } from "../../schemas/flow-run.ts";
import { clientVersion } from "../api-version.ts";
import { parts } from "../body-parts.ts";
import { TooManyFlowRuns } from "../errors.ts";
import { notePoll } from "../orchestration/polls.ts";
import { runDeployment, runDeploymentOften } from "../orchestration/run-deployment.ts";
import { slice } from "../paging.ts";
import { Reply, type Route, route } from "../route.ts";
import { flowRunView } from "../views/flow-run.ts";

const tag = "Deployments";
/** Most runs that one request makes. */
const MAX_RUNS = 100;

export const deploymentRunRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/deployments/get_scheduled_flow_runs",
    operationId: "get_scheduled_flow_runs_for_deployments_deployments_get_scheduled_flow_runs_post",
    tag,
    summary: "List the due runs of served deployments, and note that they are being served.",
    body: parts("Body_get_scheduled_flow_runs_for_deployments_deployments_get_scheduled_flow_runs_post", {
      deployment_ids: s.array(s.uuid()),
      scheduled_before: s.optional(s.dateTime()),
      limit: s.optional(s.integer()),
    }),
    response: s.array(FlowRunResponse),
    async handle(ctx, { body }) {
      const { deployment_ids: deploymentIds, scheduled_before: before } = body;
      const { limit } = slice(ctx, { limit: body.limit, offset: 0 });
      const rows = await listScheduledRunsOfDeployments(ctx.db.read, {
        deploymentIds,
        before: before === undefined ? undefined : ctx.db.dialect.timestamp(before),
        limit,
      });
      notePoll(ctx, { deploymentIds });
      const now = ctx.clock.now();
      return rows.map((row) => flowRunView(row, now));
    },
  }),

  route({
    method: "POST",
    path: "/deployments/{id:uuid}/create_flow_run",
    operationId: "create_flow_run_from_deployment_deployments__id__create_flow_run_post",
    tag,
    summary: "Create a run of a deployment, or give the existing one with the same idempotency key.",
    body: DeploymentFlowRunCreate,
    response: FlowRunResponse,
    async handle(ctx, { params, body, headers }) {
      const { run, isNew } = await runDeployment(ctx, params.id, { body, client: clientVersion(headers) });
      return new Reply(isNew ? 201 : 200, run);
    },
  }),

  route({
    method: "POST",
    path: "/deployments/{id:uuid}/create_flow_run/bulk",
    operationId: "bulk_create_flow_runs_from_deployment_deployments__id__create_flow_run_bulk_post",
    tag,
    summary: "Create runs of a deployment; what is wrong with one does not keep the others from being made.",
    body: s.array(DeploymentFlowRunCreate),
    response: FlowRunBulkCreateResponse,
    async handle(ctx, { params, body, headers }) {
      if (body.length > MAX_RUNS) throw TooManyFlowRuns(MAX_RUNS);
      const client = clientVersion(headers);
      const requests = body.map((each) => ({ body: each, client }));
      return { results: await runDeploymentOften(ctx, params.id, requests) };
    },
  }),
];
