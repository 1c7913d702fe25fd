import { findFlowRun } from "../../db/repositories/flow-runs.ts";
import * as s from "../../kit/schema/schema.ts";
import { compareTimestamps } from "../../kit/timestamp.ts";
import { FlowRunCreate, FlowRunResponse } from "../../schemas/flow-run.ts";
import { OrchestrationResult } from "../../schemas/orchestration.ts";
import { StateCreate } from "../../schemas/state.ts";
import { clientVersion } from "../api-version.ts";
import { parts } from "../body-parts.ts";
import { FlowRunNotFound } from "../errors.ts";
import { createFlowRun } from "../orchestration/create-flow-run.ts";
import { setFlowRunState } from "../orchestration/set-flow-run-state.ts";
import { Reply, type Route, route } from "../route.ts";
import { flowRunView } from "../views/flow-run.ts";

const tag = "Flow Runs";

export const flowRunRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/flow_runs/",
    operationId: "create_flow_run_flow_runs__post",
    tag,
    summary: "Create a flow run, or give the existing one with the same flow and idempotency key.",
    body: FlowRunCreate,
    response: FlowRunResponse,
    async handle(ctx, { body, headers }) {
      const state = body.state ?? { type: "PENDING" as const };
      const { run, isNew } = await createFlowRun(ctx, { ...body, state, client: clientVersion(headers) });
      return new Reply(isNew ? 201 : 200, run);
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
