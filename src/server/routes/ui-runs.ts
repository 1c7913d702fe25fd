import { type FlowRunRow, listFlowRuns } from "../../db/repositories/flow-runs.ts";
import {
  type CountById,
  countDeploymentsByFlow,
  countTaskRunsByFlowRun,
  listNextRuns,
} from "../../db/repositories/run-overviews.ts";
import * as s from "../../kit/schema/schema.ts";
import type { Timestamp } from "../../kit/timestamp.ts";
import { DeploymentFilter } from "../../schemas/filters/deployment-filter.ts";
import { FlowFilter } from "../../schemas/filters/flow-filter.ts";
import { FlowRunFilter } from "../../schemas/filters/flow-run-filter.ts";
import { TaskRunFilter } from "../../schemas/filters/task-run-filter.ts";
import { WorkPoolFilter } from "../../schemas/filters/work-pool-filter.ts";
import { SimpleFlowRun, SimpleNextFlowRun } from "../../schemas/flow-run.ts";
import { FlowRunSort } from "../../schemas/sorting.ts";
import { parts } from "../body-parts.ts";
import { type Route, route } from "../route.ts";
import { estimatedRunTime, estimatedStartDelta } from "../views/run-times.ts";

/** Most runs in the browser's chart, and most ids that one question may name. */
const MAX_RUNS = 1000;
const MAX_IDS = 200;

/** An object whose keys are ids. */
const byId = <T>(value: s.Schema<T>) =>
  s.documented(s.record(value), { keywords: { propertyNames: { format: "uuid" } } });
const ids = s.array(s.uuid(), { maxLength: MAX_IDS });

/** What the browser asks of flows and flow runs beyond the API's own operations. */
export const uiRunRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/ui/flow_runs/history",
    operationId: "read_flow_run_history_ui_flow_runs_history_post",
    tag: "Flow Runs",
    summary: "List flow runs with no more than a chart of them needs.",
    body: parts("Body_read_flow_run_history_ui_flow_runs_history_post", {
      sort: s.defaulted(FlowRunSort, "EXPECTED_START_TIME_DESC"),
      limit: s.defaulted(s.integer({ le: MAX_RUNS }), MAX_RUNS),
      offset: s.defaulted(s.integer({ ge: 0 }), 0),
      flows: s.optional(FlowFilter),
      flow_runs: s.optional(FlowRunFilter),
      task_runs: s.optional(TaskRunFilter),
      deployments: s.optional(DeploymentFilter),
      work_pools: s.optional(WorkPoolFilter),
    }),
    response: s.array(SimpleFlowRun),
    async handle(ctx, { body }) {
      const limit = body.limit < 0 ? MAX_RUNS : body.limit;
      const rows = await listFlowRuns(ctx.db.read, body, { ...body, limit });
      const now = ctx.clock.now();
      return rows.flatMap((row) => simpleView(row, now));
    },
  }),

  route({
    method: "POST",
    path: "/ui/flow_runs/count-task-runs",
    operationId: "count_task_runs_by_flow_run_ui_flow_runs_count_task_runs_post",
    tag: "Flow Runs",
    summary: "Count the task runs of flow runs.",
    body: parts("Body_count_task_runs_by_flow_run_ui_flow_runs_count_task_runs_post", { flow_run_ids: ids }),
    response: byId(s.integer()),
    handle: async (ctx, { body: { flow_run_ids } }) =>
      countsFor(flow_run_ids, await countTaskRunsByFlowRun(ctx.db.read, flow_run_ids)),
  }),

  route({
    method: "POST",
    path: "/ui/flows/count-deployments",
    operationId: "count_deployments_by_flow_ui_flows_count_deployments_post",
    tag: "Flows",
    summary: "Count the deployments of flows.",
    body: parts("Body_count_deployments_by_flow_ui_flows_count_deployments_post", { flow_ids: ids }),
    response: byId(s.integer()),
    handle: async (ctx, { body: { flow_ids } }) =>
      countsFor(flow_ids, await countDeploymentsByFlow(ctx.db.read, flow_ids)),
  }),

  route({
    method: "POST",
    path: "/ui/flows/next-runs",
    operationId: "next_runs_by_flow_ui_flows_next_runs_post",
    tag: "Flows",
    summary: "The run of each flow that is due next, or null.",
    body: parts("Body_next_runs_by_flow_ui_flows_next_runs_post", { flow_ids: ids }),
    response: byId(s.nullable(SimpleNextFlowRun)),
    async handle(ctx, { body: { flow_ids } }) {
      const runs = new Map((await listNextRuns(ctx.db.read, flow_ids)).map((run) => [run.flow_id, run]));
      return Object.fromEntries(flow_ids.map((id) => [id, runs.get(id) ?? null]));
    },
  }),
];

/** A run that never was in any state has no place in a chart. */
function simpleView(row: FlowRunRow, now: Timestamp) {
  const timestamp = row.start_time ?? row.expected_start_time;
  if (timestamp === null || row.state_type === null) return [];
  const { id, state_type } = row;
  const [duration, lateness] = [estimatedRunTime(row, now), estimatedStartDelta(row, now)];
  return [{ id, state_type, timestamp, duration, lateness }];
}

function countsFor(asked: readonly string[], counts: CountById): Readonly<Record<string, number>> {
  return Object.fromEntries(asked.map((id) => [id, counts.get(id) ?? 0]));
}
