import { listFlowRuns } from "../../db/repositories/flow-runs.ts";
import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../../schemas/common.ts";
import { FlowRunFilter } from "../../schemas/filters/flow-run-filter.ts";
import { FlowRunBulkDeleteResponse } from "../../schemas/flow-run.ts";
import { FlowRunBulkSetStateResponse } from "../../schemas/orchestration.ts";
import { StateCreate } from "../../schemas/state.ts";
import { clientVersion } from "../api-version.ts";
import { parts } from "../body-parts.ts";
import { removeFlowRuns } from "../orchestration/delete-flow-runs.ts";
import { setFlowRunStates } from "../orchestration/set-flow-run-states.ts";
import { type Route, route } from "../route.ts";

const tag = "Flow Runs";
/** Most runs that one request deletes or changes. */
const MAX_RUNS = 50;

const which = {
  flow_runs: orAbsent(FlowRunFilter),
  limit: s.defaulted(s.integer({ ge: 1, le: MAX_RUNS }), MAX_RUNS),
} as const;

export const flowRunBulkRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/flow_runs/bulk_delete",
    operationId: "bulk_delete_flow_runs_flow_runs_bulk_delete_post",
    tag,
    summary: "Delete the flow runs that match, newest first.",
    body: parts("Body_bulk_delete_flow_runs_flow_runs_bulk_delete_post", which),
    response: FlowRunBulkDeleteResponse,
    async handle(ctx, { body: { flow_runs, limit } }) {
      const deleted = await ctx.db.write(async (tx) => {
        const rows = await listFlowRuns(tx, { flow_runs }, { sort: "ID_DESC", limit, offset: 0 });
        const ids = rows.map(({ id }) => id);
        return await removeFlowRuns(ctx, tx, ids);
      });
      return { deleted };
    },
  }),

  route({
    method: "POST",
    path: "/flow_runs/bulk_set_state",
    operationId: "bulk_set_flow_run_state_flow_runs_bulk_set_state_post",
    tag,
    summary: "Propose a state for each flow run that matches.",
    body: parts("Body_bulk_set_flow_run_state_flow_runs_bulk_set_state_post", {
      ...which,
      state: StateCreate,
      force: s.defaulted(s.boolean(), false),
    }),
    response: FlowRunBulkSetStateResponse,
    async handle(ctx, { body, headers }) {
      const { state, force } = body;
      return { results: await setFlowRunStates(ctx, body, { state, force, client: clientVersion(headers) }) };
    },
  }),
];
