import { averageLateness, tallyFlowRuns } from "../../db/repositories/run-history.ts";
import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../../schemas/common.ts";
import { DeploymentFilter } from "../../schemas/filters/deployment-filter.ts";
import { FlowFilter } from "../../schemas/filters/flow-filter.ts";
import { FlowRunFilter } from "../../schemas/filters/flow-run-filter.ts";
import { TaskRunFilter } from "../../schemas/filters/task-run-filter.ts";
import { WorkPoolFilter } from "../../schemas/filters/work-pool-filter.ts";
import { WorkQueueFilter } from "../../schemas/filters/work-queue-filter.ts";
import { HistoryResponse } from "../../schemas/history.ts";
import { parts } from "../body-parts.ts";
import { type Route, route } from "../route.ts";
import { historyParts, runHistory } from "../run-history.ts";

const tag = "Flow Runs";

const filters = {
  flows: orAbsent(FlowFilter),
  flow_runs: orAbsent(FlowRunFilter),
  task_runs: orAbsent(TaskRunFilter),
  deployments: orAbsent(DeploymentFilter),
  work_pools: orAbsent(WorkPoolFilter),
} as const;

export const flowRunHistoryRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/flow_runs/lateness",
    operationId: "average_flow_run_lateness_flow_runs_lateness_post",
    tag,
    summary: "The mean lateness of flow runs in seconds; null when none matches.",
    body: parts("Body_average_flow_run_lateness_flow_runs_lateness_post", {
      ...filters,
      work_pool_queues: orAbsent(WorkQueueFilter),
    }),
    response: s.nullable(s.number()),
    handle: (ctx, { body }) => averageLateness(ctx.db.read, body, ctx.clock.now()),
  }),

  route({
    method: "POST",
    path: "/flow_runs/history",
    operationId: "flow_run_history_flow_runs_history_post",
    tag,
    summary: "Count flow runs by the time they were expected to start, and by state.",
    body: parts("Body_flow_run_history_flow_runs_history_post", {
      ...historyParts,
      ...filters,
      work_queues: orAbsent(WorkQueueFilter),
    }),
    response: s.array(HistoryResponse),
    handle: (ctx, { body }) =>
      runHistory(ctx, body, (stretches) =>
        tallyFlowRuns(ctx.db.read, { ...body, work_pool_queues: body.work_queues }, stretches),
      ),
  }),
];
