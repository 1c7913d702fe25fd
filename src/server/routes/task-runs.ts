import { deleteLogsOfTaskRun } from "../../db/repositories/logs.ts";
import {
  countTaskRuns,
  deleteTaskRun,
  findTaskRun,
  listTaskRuns,
  updateTaskRunName,
} from "../../db/repositories/task-runs.ts";
import * as s from "../../kit/schema/schema.ts";
import { compareTimestamps } from "../../kit/timestamp.ts";
import { orAbsent } from "../../schemas/common.ts";
import { DeploymentFilter } from "../../schemas/filters/deployment-filter.ts";
import { FlowFilter } from "../../schemas/filters/flow-filter.ts";
import { FlowRunFilter } from "../../schemas/filters/flow-run-filter.ts";
import { TaskRunFilter } from "../../schemas/filters/task-run-filter.ts";
import { OrchestrationResult } from "../../schemas/orchestration.ts";
import { TaskRunSort } from "../../schemas/sorting.ts";
import { StateCreate } from "../../schemas/state.ts";
import { TaskRun, TaskRunCreate, TaskRunPaginationResponse, TaskRunUpdate } from "../../schemas/task-run.ts";
import { clientVersion } from "../api-version.ts";
import { parts } from "../body-parts.ts";
import { TaskRunNotFound, TaskRunToUpdateNotFound } from "../errors.ts";
import { createTaskRun } from "../orchestration/create-task-run.ts";
import { setTaskRunState } from "../orchestration/set-task-run-state.ts";
import { numberedPage, pageAnswer, pageParts, slice, sliceParts } from "../paging.ts";
import { Reply, type Route, route } from "../route.ts";
import { taskRunSummaryView, taskRunView } from "../views/task-run.ts";

const tag = "Task Runs";

const filters = {
  flows: s.optional(FlowFilter),
  flow_runs: s.optional(FlowRunFilter),
  task_runs: s.optional(TaskRunFilter),
  deployments: s.optional(DeploymentFilter),
} as const;
const listFilters = {
  flows: orAbsent(FlowFilter),
  flow_runs: orAbsent(FlowRunFilter),
  task_runs: orAbsent(TaskRunFilter),
  deployments: orAbsent(DeploymentFilter),
} as const;
const sort = s.defaulted(TaskRunSort, "ID_DESC");

export const taskRunRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/task_runs/",
    operationId: "create_task_run_task_runs__post",
    tag,
    summary: "Create a task run, or give the existing one with the same flow run, task key and dynamic key.",
    body: TaskRunCreate,
    response: TaskRun,
    async handle(ctx, { body, headers }) {
      const state = body.state ?? { type: "PENDING" as const };
      const { row, isNew } = await createTaskRun(ctx, { ...body, state, client: clientVersion(headers) });
      return new Reply(isNew ? 201 : 200, taskRunView(row, ctx.clock.now()));
    },
  }),

  route({
    method: "PATCH",
    path: "/task_runs/{id:uuid}",
    operationId: "update_task_run_task_runs__id__patch",
    tag,
    summary: "Rename a task run.",
    body: TaskRunUpdate,
    status: 204,
    async handle(ctx, { params, body }) {
      const updated = ctx.db.dialect.timestamp(ctx.clock.now());
      const changes = { ...(body.name === undefined ? {} : { name: body.name }), updated };
      const isThere = await ctx.db.write((tx) => updateTaskRunName(tx, params.id, changes));
      if (!isThere) throw TaskRunToUpdateNotFound();
    },
  }),

  route({
    method: "POST",
    path: "/task_runs/count",
    operationId: "count_task_runs_task_runs_count_post",
    tag,
    summary: "Count task runs.",
    body: parts("Body_count_task_runs_task_runs_count_post", filters),
    response: s.integer(),
    handle: (ctx, { body }) => countTaskRuns(ctx.db.read, body),
  }),

  route({
    method: "GET",
    path: "/task_runs/{id:uuid}",
    operationId: "read_task_run_task_runs__id__get",
    tag,
    summary: "Read one task run.",
    response: TaskRun,
    async handle(ctx, { params }) {
      const row = await findTaskRun(ctx.db.read, params.id);
      if (!row) throw TaskRunNotFound();
      return taskRunView(row, ctx.clock.now());
    },
  }),

  route({
    method: "POST",
    path: "/task_runs/filter",
    operationId: "read_task_runs_task_runs_filter_post",
    tag,
    summary: "List task runs.",
    body: parts("Body_read_task_runs_task_runs_filter_post", { sort, ...sliceParts, ...listFilters }),
    response: s.array(TaskRun),
    async handle(ctx, { body }) {
      const now = ctx.clock.now();
      const rows = await listTaskRuns(ctx.db.read, body, { sort: body.sort, now, ...slice(ctx, body) });
      return rows.map((row) => taskRunView(row, now));
    },
  }),

  route({
    method: "POST",
    path: "/task_runs/paginate",
    operationId: "paginate_task_runs_task_runs_paginate_post",
    tag,
    summary: "List task runs by page, with the count of all.",
    body: parts("Body_paginate_task_runs_task_runs_paginate_post", { sort, ...pageParts, ...listFilters }),
    response: TaskRunPaginationResponse,
    async handle(ctx, { body }) {
      const now = ctx.clock.now();
      const page = numberedPage(ctx, body);
      const rows = await listTaskRuns(ctx.db.read, body, { sort: body.sort, now, ...page });
      const results = rows.map((row) => taskRunSummaryView(row, now));
      return pageAnswer(page, results, await countTaskRuns(ctx.db.read, body));
    },
  }),

  route({
    method: "DELETE",
    path: "/task_runs/{id:uuid}",
    operationId: "delete_task_run_task_runs__id__delete",
    tag,
    summary: "Delete a task run with its states and logs.",
    status: 204,
    async handle(ctx, { params }) {
      const isThere = await ctx.db.write(async (tx) => {
        const isDeleted = await deleteTaskRun(tx, params.id);
        if (isDeleted) await deleteLogsOfTaskRun(tx, params.id);
        return isDeleted;
      });
      if (!isThere) throw TaskRunNotFound();
    },
  }),

  route({
    method: "POST",
    path: "/task_runs/{id:uuid}/set_state",
    operationId: "set_task_run_state_task_runs__id__set_state_post",
    tag,
    summary: "Propose a state for a task run; the rules accept, change, delay or refuse it.",
    body: parts("Body_set_task_run_state_task_runs__id__set_state_post", {
      state: StateCreate,
      force: s.defaulted(s.boolean(), false),
    }),
    response: OrchestrationResult,
    async handle(ctx, { params, body, headers }) {
      const before = ctx.clock.now();
      const result = await setTaskRunState(ctx, params.id, { ...body, client: clientVersion(headers) });
      const isNew = result.state !== null && compareTimestamps(result.state.timestamp, before) >= 0;
      return new Reply(isNew ? 201 : 200, result);
    },
  }),
];
