import { findFlowRun, listFlowRuns } from "../../db/repositories/flow-runs.ts";
import { findFlow } from "../../db/repositories/flows.ts";
import { listFlowRunLogs } from "../../db/repositories/logs.ts";
import { listTaskRuns } from "../../db/repositories/task-runs.ts";
import type { ServerContext } from "../context.ts";
import { FlowRunNotFound } from "../errors.ts";
import { type Route, route } from "../route.ts";
import { htmlReply } from "./html-reply.ts";
import { runPage } from "./run-page.ts";
import { runsPage } from "./runs-page.ts";

const SHOWN_RUNS = 50;
const SHOWN_TASK_RUNS = 200;
const SHOWN_LOGS = 1000;

/** Pages to read with nothing but a browser, mounted beside the API. */
export const pageRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/",
    operationId: "runs_page",
    tag: "Pages",
    summary: "The latest flow runs.",
    hidden: true,
    async handle(ctx) {
      const runs = await listFlowRuns(ctx.db.read, {}, { sort: "ID_DESC", limit: SHOWN_RUNS, offset: 0 });
      return htmlReply(runsPage(runs, await flowNames(ctx, new Set(runs.map((run) => run.flow_id)))));
    },
  }),
  route({
    method: "GET",
    path: "/runs/flow-run/{id:uuid}",
    operationId: "run_page",
    tag: "Pages",
    summary: "One flow run with its task runs and logs.",
    hidden: true,
    async handle(ctx, { params }) {
      const { read } = ctx.db;
      const run = await findFlowRun(read, params.id);
      if (!run) throw FlowRunNotFound();
      const filter = { flow_runs: { id: { any_: [run.id] } } };
      const how = { sort: "EXPECTED_START_TIME_ASC", now: ctx.clock.now(), limit: SHOWN_TASK_RUNS, offset: 0 } as const;
      const taskRuns = await listTaskRuns(read, filter, how);
      const logs = await listFlowRunLogs(read, run.id, { limit: SHOWN_LOGS });
      const names = await flowNames(ctx, new Set([run.flow_id]));
      return htmlReply(runPage({ run, flowName: names.get(run.flow_id) ?? "", taskRuns, logs }));
    },
  }),
];

async function flowNames(ctx: ServerContext, ids: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  const flows = await Promise.all([...ids].map((id) => findFlow(ctx.db.read, id)));
  return new Map(flows.flatMap((flow) => (flow ? [[flow.id, flow.name] as const] : [])));
}
