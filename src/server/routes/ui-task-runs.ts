import { countTaskRunsByState, findFlowRunName, findTaskRun } from "../../db/repositories/task-runs.ts";
import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../../schemas/common.ts";
import { DeploymentFilter } from "../../schemas/filters/deployment-filter.ts";
import { FlowFilter } from "../../schemas/filters/flow-filter.ts";
import { FlowRunFilter } from "../../schemas/filters/flow-run-filter.ts";
import { TaskRunFilter } from "../../schemas/filters/task-run-filter.ts";
import { WorkPoolFilter } from "../../schemas/filters/work-pool-filter.ts";
import { WorkQueueFilter } from "../../schemas/filters/work-queue-filter.ts";
import { CountByState } from "../../schemas/state.ts";
import { UITaskRun } from "../../schemas/task-run.ts";
import { parts } from "../body-parts.ts";
import { TaskRunNotFound } from "../errors.ts";
import { type Route, route } from "../route.ts";
import { taskRunOutcomes } from "../task-run-outcomes.ts";
import { taskRunView } from "../views/task-run.ts";

const tag = "Task Runs";

const TaskRunCount = s.named("TaskRunCount", s.record(s.integer()));
const NONE = s.emptyOf(CountByState);

/** What the browser asks of task runs beyond the API's own operations. */
export const uiTaskRunRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/ui/task_runs/dashboard/counts",
    operationId: "read_dashboard_task_run_counts_ui_task_runs_dashboard_counts_post",
    tag,
    summary: "Count how task runs ended, in 20 stretches of time.",
    body: parts("Body_read_dashboard_task_run_counts_ui_task_runs_dashboard_counts_post", {
      task_runs: TaskRunFilter,
      flows: orAbsent(FlowFilter),
      flow_runs: orAbsent(FlowRunFilter),
      deployments: orAbsent(DeploymentFilter),
      work_pools: orAbsent(WorkPoolFilter),
      work_queues: orAbsent(WorkQueueFilter),
    }),
    response: s.array(TaskRunCount),
    handle: (ctx, { body }) => taskRunOutcomes(ctx, { ...body, work_pool_queues: body.work_queues }),
  }),

  route({
    method: "POST",
    path: "/ui/task_runs/count",
    operationId: "read_task_run_counts_by_state_ui_task_runs_count_post",
    tag,
    summary: "Count task runs by the type of their state.",
    body: parts("Body_read_task_run_counts_by_state_ui_task_runs_count_post", {
      flows: orAbsent(FlowFilter),
      flow_runs: orAbsent(FlowRunFilter),
      task_runs: orAbsent(TaskRunFilter),
      deployments: orAbsent(DeploymentFilter),
    }),
    response: CountByState,
    async handle(ctx, { body }) {
      const counts = await countTaskRunsByState(ctx.db.read, body);
      return { ...NONE(), ...Object.fromEntries(counts.map(({ state_type, count }) => [state_type, count])) };
    },
  }),

  route({
    method: "GET",
    path: "/ui/task_runs/{id:uuid}",
    operationId: "read_task_run_with_flow_run_name_ui_task_runs__id__get",
    tag,
    summary: "Read one task run with the name of its flow run.",
    response: UITaskRun,
    async handle(ctx, { params }) {
      const row = await findTaskRun(ctx.db.read, params.id);
      if (!row) throw TaskRunNotFound();
      const name = row.flow_run_id === null ? undefined : await findFlowRunName(ctx.db.read, row.flow_run_id);
      return { ...taskRunView(row, ctx.clock.now()), flow_run_name: name ?? null };
    },
  }),
];
