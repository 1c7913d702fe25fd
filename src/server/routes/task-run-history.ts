import { tallyTaskRuns } from "../../db/repositories/run-history.ts";
import * as s from "../../kit/schema/schema.ts";
import { DeploymentFilter } from "../../schemas/filters/deployment-filter.ts";
import { FlowFilter } from "../../schemas/filters/flow-filter.ts";
import { FlowRunFilter } from "../../schemas/filters/flow-run-filter.ts";
import { TaskRunFilter } from "../../schemas/filters/task-run-filter.ts";
import { HistoryResponse } from "../../schemas/history.ts";
import { parts } from "../body-parts.ts";
import { type Route, route } from "../route.ts";
import { historyParts, runHistory } from "../run-history.ts";

export const taskRunHistoryRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/task_runs/history",
    operationId: "task_run_history_task_runs_history_post",
    tag: "Task Runs",
    summary: "Count task runs by the time they were expected to start, and by state.",
    body: parts("Body_task_run_history_task_runs_history_post", {
      ...historyParts,
      flows: s.optional(FlowFilter),
      flow_runs: s.optional(FlowRunFilter),
      task_runs: s.optional(TaskRunFilter),
      deployments: s.optional(DeploymentFilter),
    }),
    response: s.array(HistoryResponse),
    handle: (ctx, { body }) => runHistory(ctx, body, (stretches) => tallyTaskRuns(ctx.db.read, body, stretches)),
  }),
];
