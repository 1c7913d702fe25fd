import type { Db } from "../../db/database.ts";
import { listGraphArtifacts, listGraphInputs, listGraphNodes } from "../../db/repositories/flow-run-graphs.ts";
import { findFlowRun } from "../../db/repositories/flow-runs.ts";
import { listFlowRunStates } from "../../db/repositories/run-states.ts";
import { listTaskRuns } from "../../db/repositories/task-runs.ts";
import * as s from "../../kit/schema/schema.ts";
import type { Timestamp } from "../../kit/timestamp.ts";
import { DependencyResult } from "../../schemas/flow-run.ts";
import { Graph } from "../../schemas/graph.ts";
import type { ServerContext } from "../context.ts";
import { FlowRunOfGraphNotFound, FlowRunToSetNotFound, GraphTooLarge } from "../errors.ts";
import { type Route, route } from "../route.ts";
import { dependencyView } from "../views/dependency.ts";
import { graphView } from "../views/flow-run-graph.ts";

const tag = "Flow Runs";
const BEGINNING_OF_TIME: Timestamp = "0001-01-01T00:00:00Z";

export const flowRunGraphRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/flow_runs/{id:uuid}/graph",
    operationId: "read_flow_run_graph_v1_flow_runs__id__graph_get",
    tag,
    summary: "List the task runs of a flow run with what each depends on, newest first.",
    response: s.array(DependencyResult),
    async handle(ctx, { params: { id } }) {
      const run = await findFlowRun(ctx.db.read, id);
      if (!run) throw FlowRunToSetNotFound(id);
      const rows = await listDependentTaskRuns(ctx, ctx.db.read, id);
      const now = ctx.clock.now();
      return rows.map((row) => dependencyView(row, now));
    },
  }),

  route({
    method: "GET",
    path: "/flow_runs/{id:uuid}/graph-v2",
    operationId: "read_flow_run_graph_v2_flow_runs__id__graph_v2_get",
    tag,
    summary: "The task runs and subflow runs of a flow run, with their edges, artifacts and the run's states.",
    query: s.object("GraphQuery", { since: s.defaulted(s.plainDateTime(), BEGINNING_OF_TIME) }),
    response: Graph,
    handle: (ctx, { params, query }) => readGraph(ctx, params.id, query.since),
  }),
];

async function listDependentTaskRuns(ctx: ServerContext, db: Db, id: string) {
  const { max_nodes } = ctx.settings.server.flow_run_graph;
  const filters = { task_runs: { flow_run_id: { any_: [id] } } };
  const page = { sort: "ID_DESC", limit: max_nodes + 1, offset: 0, now: ctx.clock.now() } as const;
  const rows = await listTaskRuns(db, filters, page);
  if (rows.length > max_nodes) throw GraphTooLarge(id, max_nodes);
  return rows;
}

async function readGraph(ctx: ServerContext, id: string, since: Timestamp) {
  const { max_nodes, max_artifacts } = ctx.settings.server.flow_run_graph;
  const db = ctx.db.read;
  const run = await findFlowRun(db, id);
  if (!run) throw FlowRunOfGraphNotFound(id);
  const nodes = await listGraphNodes(db, id, { since, limit: max_nodes + 1 });
  if (nodes.length > max_nodes) throw GraphTooLarge(id, max_nodes);
  return graphView({
    run,
    nodes,
    inputs: await listGraphInputs(db, id),
    artifacts: await listGraphArtifacts(db, id, max_artifacts),
    states: await listFlowRunStates(db, id),
  });
}
