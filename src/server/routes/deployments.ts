import { listDeploymentSchedules } from "../../db/repositories/deployment-schedules.ts";
import {
  countDeployments,
  type DeploymentRow,
  findDeployment,
  findDeploymentByName,
  listDeployments,
} from "../../db/repositories/deployments.ts";
import { checkAgainstSchema } from "../../domain/parameters/check-against-schema.ts";
import * as s from "../../kit/schema/schema.ts";
import { NAME_PATTERN, orAbsent } from "../../schemas/common.ts";
import {
  DeploymentBulkDeleteResponse,
  DeploymentCreate,
  DeploymentPaginationResponse,
  DeploymentResponse,
  DeploymentUpdate,
} from "../../schemas/deployment.ts";
import { DeploymentFilter } from "../../schemas/filters/deployment-filter.ts";
import { FlowFilter } from "../../schemas/filters/flow-filter.ts";
import { FlowRunFilter } from "../../schemas/filters/flow-run-filter.ts";
import { TaskRunFilter } from "../../schemas/filters/task-run-filter.ts";
import { WorkPoolFilter } from "../../schemas/filters/work-pool-filter.ts";
import { WorkQueueFilter } from "../../schemas/filters/work-queue-filter.ts";
import { DeploymentSort } from "../../schemas/sorting.ts";
import { parts } from "../body-parts.ts";
import type { ServerContext } from "../context.ts";
import { DeploymentNotFound, InvalidRequest } from "../errors.ts";
import { createDeployment } from "../orchestration/create-deployment.ts";
import { changeDeployment, removeDeployments, setDeploymentPaused } from "../orchestration/update-deployment.ts";
import { numberedPage, pageAnswer, pageParts, slice, sliceParts } from "../paging.ts";
import { refuseLargeParameters } from "../parameter-size.ts";
import { Reply, type Route, route } from "../route.ts";
import { deploymentView } from "../views/deployment.ts";

const tag = "Deployments";
/** Most deployments that one request deletes. */
const MAX_DELETED = 50;

const filters = {
  flows: orAbsent(FlowFilter),
  flow_runs: orAbsent(FlowRunFilter),
  task_runs: orAbsent(TaskRunFilter),
  deployments: orAbsent(DeploymentFilter),
  work_pools: orAbsent(WorkPoolFilter),
  work_pool_queues: orAbsent(WorkQueueFilter),
} as const;
const sort = s.defaulted(DeploymentSort, "NAME_ASC");

export const deploymentRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/deployments/",
    operationId: "create_deployment_deployments__post",
    tag,
    summary: "Create a deployment, or change the flow's existing one of that name.",
    body: DeploymentCreate,
    response: DeploymentResponse,
    async handle(ctx, { body, sent }) {
      refuseLargeParameters(ctx, { body, sent });
      checkName(body);
      checkOwnParameters(body);
      const { row, isNew } = await createDeployment(ctx, body);
      return new Reply(isNew ? 201 : 200, await view(ctx, row));
    },
  }),

  route({
    method: "POST",
    path: "/deployments/filter",
    operationId: "read_deployments_deployments_filter_post",
    tag,
    summary: "List deployments.",
    body: parts("Body_read_deployments_deployments_filter_post", { ...sliceParts, ...filters, sort }),
    response: s.array(DeploymentResponse),
    async handle(ctx, { body }) {
      return await views(ctx, await listDeployments(ctx.db.read, body, { sort: body.sort, ...slice(ctx, body) }));
    },
  }),

  route({
    method: "POST",
    path: "/deployments/paginate",
    operationId: "paginate_deployments_deployments_paginate_post",
    tag,
    summary: "List deployments by page, with the count of all.",
    body: parts("Body_paginate_deployments_deployments_paginate_post", { ...pageParts, ...filters, sort }),
    response: DeploymentPaginationResponse,
    async handle(ctx, { body }) {
      const page = numberedPage(ctx, body);
      const rows = await listDeployments(ctx.db.read, body, { sort: body.sort, ...page });
      return pageAnswer(page, await views(ctx, rows), await countDeployments(ctx.db.read, body));
    },
  }),

  route({
    method: "POST",
    path: "/deployments/count",
    operationId: "count_deployments_deployments_count_post",
    tag,
    summary: "Count deployments.",
    body: parts("Body_count_deployments_deployments_count_post", filters),
    response: s.integer(),
    handle: (ctx, { body }) => countDeployments(ctx.db.read, body),
  }),

  route({
    method: "POST",
    path: "/deployments/bulk_delete",
    operationId: "bulk_delete_deployments_deployments_bulk_delete_post",
    tag,
    summary: "Delete the deployments that match, with their scheduled runs.",
    body: parts("Body_bulk_delete_deployments_deployments_bulk_delete_post", {
      deployments: orAbsent(DeploymentFilter),
      limit: s.defaulted(s.integer({ ge: 1, le: MAX_DELETED }), MAX_DELETED),
    }),
    response: DeploymentBulkDeleteResponse,
    async handle(ctx, { body }) {
      const page = { sort: "NAME_ASC" as const, limit: body.limit, offset: 0 };
      const deleted = await removeDeployments(ctx, (tx) =>
        listDeployments(tx, { deployments: body.deployments }, page),
      );
      return { deleted };
    },
  }),

  route({
    method: "GET",
    path: "/deployments/name/{flow_name}/{deployment_name}",
    operationId: "read_deployment_by_name_deployments_name__flow_name___deployment_name__get",
    tag,
    summary: "Read the deployment of a flow's name and its own.",
    response: DeploymentResponse,
    async handle(ctx, { params }) {
      const names = { flow: params.flow_name ?? "", deployment: params.deployment_name ?? "" };
      return await found(ctx, await findDeploymentByName(ctx.db.read, names));
    },
  }),

  route({
    method: "GET",
    path: "/deployments/{id:uuid}",
    operationId: "read_deployment_deployments__id__get",
    tag,
    summary: "Read one deployment.",
    response: DeploymentResponse,
    handle: async (ctx, { params }) => found(ctx, await findDeployment(ctx.db.read, params.id)),
  }),

  route({
    method: "PATCH",
    path: "/deployments/{id:uuid}",
    operationId: "update_deployment_deployments__id__patch",
    tag,
    summary: "Change what is named of a deployment.",
    body: DeploymentUpdate,
    status: 204,
    async handle(ctx, { params, body, sent }) {
      refuseLargeParameters(ctx, { body, sent });
      await changeDeployment(ctx, params.id, body);
    },
  }),

  route({
    method: "DELETE",
    path: "/deployments/{id:uuid}",
    operationId: "delete_deployment_deployments__id__delete",
    tag,
    summary: "Delete a deployment with its scheduled runs; other runs stay.",
    status: 204,
    async handle(ctx, { params }) {
      const deleted = await removeDeployments(ctx, async (tx) => {
        const row = await findDeployment(tx, params.id);
        return row ? [row] : [];
      });
      if (deleted.length === 0) throw DeploymentNotFound();
    },
  }),

  route({
    method: "POST",
    path: "/deployments/{id:uuid}/resume_deployment",
    operationId: "resume_deployment_deployments__id__resume_deployment_post",
    tag,
    summary: "Let the schedules of a deployment make runs again.",
    handle: (ctx, { params }) => setPaused(ctx, params.id, false),
  }),

  route({
    method: "POST",
    path: "/deployments/{id:uuid}/pause_deployment",
    operationId: "pause_deployment_deployments__id__pause_deployment_post",
    tag,
    summary: "Stop the schedules of a deployment and delete the runs they have made ahead.",
    handle: (ctx, { params }) => setPaused(ctx, params.id, true),
  }),
];

async function setPaused(ctx: ServerContext, id: string, paused: boolean): Promise<null> {
  if (!(await setDeploymentPaused(ctx, id, paused))) throw DeploymentNotFound();
  return null;
}

async function found(ctx: ServerContext, row: DeploymentRow | undefined) {
  if (!row) throw DeploymentNotFound();
  return await view(ctx, row);
}

async function view(ctx: ServerContext, row: DeploymentRow) {
  return deploymentView(row, await listDeploymentSchedules(ctx.db.read, [row.id]));
}

async function views(ctx: ServerContext, rows: readonly DeploymentRow[]) {
  const schedules = await listDeploymentSchedules(
    ctx.db.read,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => deploymentView(row, schedules));
}

/** The request's schema takes any name; what is stored may not have the characters that paths are made of. */
function checkName(body: DeploymentCreate): void {
  if (new RegExp(NAME_PATTERN).test(body.name)) return;
  const msg = `String should match pattern '${NAME_PATTERN}'`;
  const ctx = { pattern: NAME_PATTERN };
  throw InvalidRequest([{ type: "string_pattern_mismatch", loc: ["body", "name"], msg, input: body.name, ctx }], body);
}

/** Only a request that says so itself has its parameters checked, against the schema it brings. */
function checkOwnParameters(body: DeploymentCreate): void {
  const { enforce_parameter_schema, parameter_openapi_schema: schema, parameters = {} } = body;
  if (!enforce_parameter_schema || !schema) return;
  const problem = checkAgainstSchema(parameters, schema, { ignoreRequired: true, isExact: true });
  if (problem === undefined) return;
  const text = problem.kind === "circular" ? "Unable to validate schema with circular references." : problem.message;
  const issue = { type: "value_error", loc: ["body"], msg: `Value error, ${text}`, input: body, ctx: { error: {} } };
  throw InvalidRequest([issue], body);
}
