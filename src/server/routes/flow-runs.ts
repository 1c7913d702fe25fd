import { countFlowRuns, type FlowRunRow, findFlowRun, listFlowRuns } from "../../db/repositories/flow-runs.ts";
import * as s from "../../kit/schema/schema.ts";
import { compareTimestamps } from "../../kit/timestamp.ts";
import { orAbsent } from "../../schemas/common.ts";
import { DeploymentFilter } from "../../schemas/filters/deployment-filter.ts";
import { FlowFilter } from "../../schemas/filters/flow-filter.ts";
import { FlowRunFilter } from "../../schemas/filters/flow-run-filter.ts";
import { TaskRunFilter } from "../../schemas/filters/task-run-filter.ts";
import { WorkPoolFilter } from "../../schemas/filters/work-pool-filter.ts";
import { WorkQueueFilter } from "../../schemas/filters/work-queue-filter.ts";
import { FlowRunCreate, FlowRunPaginationResponse, FlowRunResponse, FlowRunUpdate } from "../../schemas/flow-run.ts";
import { OrchestrationResult } from "../../schemas/orchestration.ts";
import { FlowRunSort } from "../../schemas/sorting.ts";
import { StateCreate } from "../../schemas/state.ts";
import { clientVersion } from "../api-version.ts";
import { creatorOf } from "../attribution.ts";
import { parts } from "../body-parts.ts";
import type { ServerContext } from "../context.ts";
import { FlowRunNotFound } from "../errors.ts";
import { createFlowRun } from "../orchestration/create-flow-run.ts";
import { removeFlowRuns } from "../orchestration/delete-flow-runs.ts";
import { setFlowRunState } from "../orchestration/set-flow-run-state.ts";
import { changeFlowRun } from "../orchestration/update-flow-run.ts";
import { numberedPage, pageAnswer, pageParts, slice, sliceParts } from "../paging.ts";
import { refuseLargeParameters } from "../parameter-size.ts";
import { Reply, type Route, route } from "../route.ts";
import { flowRunView } from "../views/flow-run.ts";

const tag = "Flow Runs";

const filters = {
  flows: orAbsent(FlowFilter),
  flow_runs: orAbsent(FlowRunFilter),
  task_runs: orAbsent(TaskRunFilter),
  deployments: orAbsent(DeploymentFilter),
  work_pools: orAbsent(WorkPoolFilter),
  work_pool_queues: orAbsent(WorkQueueFilter),
} as const;
const sort = s.defaulted(FlowRunSort, "ID_DESC");

export const flowRunRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/flow_runs/",
    operationId: "create_flow_run_flow_runs__post",
    tag,
    summary: "Create a flow run, or give the existing one with the same flow and idempotency key.",
    body: FlowRunCreate,
    response: FlowRunResponse,
    async handle(ctx, { body, sent, headers }) {
      refuseLargeParameters(ctx, { body, sent });
      const state = body.state ?? { type: "PENDING" as const };
      const created_by = creatorOf(headers);
      const { run, isNew } = await createFlowRun(ctx, { ...body, state, created_by, client: clientVersion(headers) });
      return new Reply(isNew ? 201 : 200, run);
    },
  }),

  route({
    method: "POST",
    path: "/flow_runs/count",
    operationId: "count_flow_runs_flow_runs_count_post",
    tag,
    summary: "Count flow runs.",
    body: parts("Body_count_flow_runs_flow_runs_count_post", filters),
    response: s.integer(),
    handle: (ctx, { body }) => countFlowRuns(ctx.db.read, body),
  }),

  route({
    method: "POST",
    path: "/flow_runs/filter",
    operationId: "read_flow_runs_flow_runs_filter_post",
    tag,
    summary: "List flow runs.",
    body: parts("Body_read_flow_runs_flow_runs_filter_post", { ...sliceParts, ...filters, sort }),
    response: s.array(FlowRunResponse),
    async handle(ctx, { body }) {
      const rows = await listFlowRuns(ctx.db.read, body, { sort: body.sort, ...slice(ctx, body) });
      return views(ctx, rows);
    },
  }),

  route({
    method: "POST",
    path: "/flow_runs/paginate",
    operationId: "paginate_flow_runs_flow_runs_paginate_post",
    tag,
    summary: "List flow runs by page, with the count of all.",
    body: parts("Body_paginate_flow_runs_flow_runs_paginate_post", { ...pageParts, ...filters, sort }),
    response: FlowRunPaginationResponse,
    async handle(ctx, { body }) {
      const page = numberedPage(ctx, body);
      const rows = await listFlowRuns(ctx.db.read, body, { sort: body.sort, ...page });
      return pageAnswer(page, views(ctx, rows), await countFlowRuns(ctx.db.read, body));
    },
  }),

  route({
    method: "PATCH",
    path: "/flow_runs/{id:uuid}",
    operationId: "update_flow_run_flow_runs__id__patch",
    tag,
    summary: "Change a flow run; its job variables only while it is scheduled.",
    body: FlowRunUpdate,
    status: 204,
    async handle(ctx, { params, body, sent }) {
      refuseLargeParameters(ctx, { body, sent });
      await changeFlowRun(ctx, params.id, body);
    },
  }),

  route({
    method: "DELETE",
    path: "/flow_runs/{id:uuid}",
    operationId: "delete_flow_run_flow_runs__id__delete",
    tag,
    summary: "Delete a flow run with its task runs and logs.",
    status: 204,
    async handle(ctx, { params }) {
      const deleted = await ctx.db.write((tx) => removeFlowRuns(ctx, tx, [params.id]));
      if (deleted.length === 0) throw FlowRunNotFound();
    },
  }),

  route({
    method: "GET",
    path: "/flow_runs/{id:uuid}",
    operationId: "read_flow_run_flow_runs__id__get",
    tag,
    summary: "Read one flow run.",
    response: FlowRunResponse,
    async handle(ctx, { params }) {
      const row = await findFlowRun(ctx.db.read, params.id);
      if (!row) throw FlowRunNotFound();
      return flowRunView(row, ctx.clock.now());
    },
  }),

  route({
    method: "POST",
    path: "/flow_runs/{id:uuid}/set_state",
    operationId: "set_flow_run_state_flow_runs__id__set_state_post",
    tag,
    summary: "Propose a state for a flow run; the rules accept, change, delay or refuse it.",
    body: parts("Body_set_flow_run_state_flow_runs__id__set_state_post", {
      state: StateCreate,
      force: s.defaulted(s.boolean(), false),
    }),
    response: OrchestrationResult,
    async handle(ctx, { params, body, headers }) {
      const before = ctx.clock.now();
      const result = await setFlowRunState(ctx, params.id, { ...body, client: clientVersion(headers) });
      const isNew = result.state !== null && compareTimestamps(result.state.timestamp, before) >= 0;
      return new Reply(isNew ? 201 : 200, result);
    },
  }),
];

function views(ctx: ServerContext, rows: readonly FlowRunRow[]) {
  const now = ctx.clock.now();
  return rows.map((row) => flowRunView(row, now));
}
