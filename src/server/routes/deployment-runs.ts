import type { IncomingHttpHeaders } from "node:http";
import { type DeploymentRow, findDeployment } from "../../db/repositories/deployments.ts";
import { listScheduledRunsOfDeployments } from "../../db/repositories/scheduled-runs.ts";
import { listWorkQueues, type WorkQueueRow } from "../../db/repositories/work-queues.ts";
import { parseJson } from "../../kit/json.ts";
import * as s from "../../kit/schema/schema.ts";
import { addSeconds } from "../../kit/timestamp.ts";
import { DeploymentFlowRunCreate, FlowRunBulkCreateResponse, FlowRunResponse } from "../../schemas/flow-run.ts";
import { WorkQueue } from "../../schemas/work-queue.ts";
import { clientVersion } from "../api-version.ts";
import { creatorOf } from "../attribution.ts";
import { parts } from "../body-parts.ts";
import { DeploymentNotFound, TooManyFlowRuns } from "../errors.ts";
import { notePoll } from "../orchestration/polls.ts";
import { runDeployment, runDeploymentOften } from "../orchestration/run-deployment.ts";
import { horizonFrom, scheduleRuns } from "../orchestration/schedule-runs.ts";
import { limitPart, slice } from "../paging.ts";
import { refuseLargeParameters } from "../parameter-size.ts";
import { Reply, type Route, route } from "../route.ts";
import { flowRunView } from "../views/flow-run.ts";
import { plainQueueView } from "../views/work-pool.ts";

const tag = "Deployments";
const MAX_QUEUES = 1000;
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
      limit: limitPart,
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
    path: "/deployments/{id:uuid}/schedule",
    operationId: "schedule_deployment_deployments__id__schedule_post",
    tag,
    summary: "Make the runs that a deployment's schedules ask for in a stretch of time, which may be past.",
    body: parts("Body_schedule_deployment_deployments__id__schedule_post", {
      start_time: s.optional(s.plainDateTime()),
      end_time: s.optional(s.plainDateTime()),
      min_time: s.optional(s.documented(s.number(), { keywords: { format: "time-delta" } })),
      min_runs: s.optional(s.integer()),
      max_runs: s.optional(s.integer()),
    }),
    async handle(ctx, { params, body }) {
      const start = body.start_time ?? ctx.clock.now();
      const horizon = horizonFrom(ctx, start);
      await scheduleRuns(ctx, [[params.id]], {
        start,
        end: body.end_time ?? horizon.end,
        reach: body.min_time === undefined ? horizon.reach : addSeconds(start, body.min_time),
        minRuns: body.min_runs ?? horizon.minRuns,
        maxRuns: body.max_runs ?? horizon.maxRuns,
      });
      return null;
    },
  }),

  route({
    method: "GET",
    path: "/deployments/{id:uuid}/work_queue_check",
    operationId: "work_queue_check_for_deployment_deployments__id__work_queue_check_get",
    tag,
    deprecated: true,
    summary: "List the work queues whose filter, if they have one, lets the deployment's runs in.",
    response: s.array(WorkQueue),
    async handle(ctx, { params }) {
      const deployment = await findDeployment(ctx.db.read, params.id);
      if (!deployment) throw DeploymentNotFound();
      const queues = await listWorkQueues(ctx.db.read, { order: "name", limit: MAX_QUEUES, offset: 0 });
      return queues.filter((queue) => accepts(queue, deployment)).map(plainQueueView);
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
    async handle(ctx, { params, body, sent, headers }) {
      refuseLargeParameters(ctx, { body, sent });
      const { run, isNew } = await runDeployment(ctx, params.id, { body, ...sender(headers) });
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
    async handle(ctx, { params, body, sent, headers }) {
      for (const [index, each] of body.entries()) refuseLargeParameters(ctx, { body: each, sent, place: [index] });
      if (body.length > MAX_RUNS) throw TooManyFlowRuns(MAX_RUNS);
      const requests = body.map((each) => ({ body: each, ...sender(headers) }));
      return { results: await runDeploymentOften(ctx, params.id, requests) };
    },
  }),
];

function sender(headers: IncomingHttpHeaders) {
  return { client: clientVersion(headers), created_by: creatorOf(headers) };
}

interface QueueFilter {
  readonly tags?: readonly string[] | null;
  readonly deployment_ids?: readonly string[] | null;
}

/** Empty lists of a filter ask for nothing. */
function accepts(queue: WorkQueueRow, deployment: DeploymentRow): boolean {
  const { tags, deployment_ids } = (queue.filter === null ? {} : parseJson(queue.filter)) as QueueFilter;
  const own = parseJson(deployment.tags) as string[];
  const isListed = !deployment_ids || deployment_ids.length === 0 || deployment_ids.includes(deployment.id);
  return isListed && (tags ?? []).every((tag) => own.includes(tag));
}
