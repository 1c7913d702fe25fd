import {
  findFlowRunState,
  findTaskRunState,
  listFlowRunStates,
  listTaskRunStates,
} from "../../db/repositories/run-states.ts";
import * as s from "../../kit/schema/schema.ts";
import { State } from "../../schemas/state.ts";
import { FlowRunStateNotFound } from "../errors.ts";
import { type Route, route } from "../route.ts";
import { stateView } from "../views/state.ts";

export const runStateRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/flow_run_states/{id:uuid}",
    operationId: "read_flow_run_state_flow_run_states__id__get",
    tag: "Flow Run States",
    summary: "Read one state of a flow run.",
    response: State,
    async handle(ctx, { params }) {
      const row = await findFlowRunState(ctx.db.read, params.id);
      if (!row) throw FlowRunStateNotFound();
      return stateView(row);
    },
  }),

  route({
    method: "GET",
    path: "/flow_run_states/",
    operationId: "read_flow_run_states_flow_run_states__get",
    tag: "Flow Run States",
    summary: "List the states of a flow run, oldest first.",
    query: s.object("FlowRunStatesQuery", { flow_run_id: s.uuid() }),
    response: s.array(State),
    async handle(ctx, { query }) {
      const rows = await listFlowRunStates(ctx.db.read, query.flow_run_id);
      return rows.map(stateView);
    },
  }),

  route({
    method: "GET",
    path: "/task_run_states/{id:uuid}",
    operationId: "read_task_run_state_task_run_states__id__get",
    tag: "Task Run States",
    summary: "Read one state of a task run.",
    response: State,
    async handle(ctx, { params }) {
      const row = await findTaskRunState(ctx.db.read, params.id);
      // The reference says "flow run state" here too.
      if (!row) throw FlowRunStateNotFound();
      return stateView(row);
    },
  }),

  route({
    method: "GET",
    path: "/task_run_states/",
    operationId: "read_task_run_states_task_run_states__get",
    tag: "Task Run States",
    summary: "List the states of a task run, oldest first.",
    query: s.object("TaskRunStatesQuery", { task_run_id: s.uuid() }),
    response: s.array(State),
    async handle(ctx, { query }) {
      const rows = await listTaskRunStates(ctx.db.read, query.task_run_id);
      return rows.map(stateView);
    },
  }),
];
