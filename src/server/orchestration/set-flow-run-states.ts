import { listFlowRuns } from "../../db/repositories/flow-runs.ts";
import { PrefectError } from "../../kit/errors.ts";
import type { FlowRunFilter } from "../../schemas/filters/flow-run-filter.ts";
import type { ServerContext } from "../context.ts";
import type { OrchestrationResult } from "./orchestration-result.ts";
import { type ProposedState, setFlowRunState } from "./set-flow-run-state.ts";

export interface FlowRunResult extends OrchestrationResult {
  readonly flow_run_id: string;
}

/**
 * Proposes a state to each matching run, newest first, one after the other: each decision sees the ones before. What goes
 * wrong with one run does not stop the others.
 */
export async function setFlowRunStates(
  ctx: ServerContext,
  which: { readonly flow_runs?: FlowRunFilter | null; readonly limit: number },
  proposal: ProposedState,
): Promise<readonly FlowRunResult[]> {
  const { flow_runs, limit } = which;
  const rows = await listFlowRuns(ctx.db.read, { flow_runs }, { sort: "ID_DESC", limit, offset: 0 });
  const results: FlowRunResult[] = [];
  for (const { id } of rows) {
    const result = await setFlowRunState(ctx, id, proposal).catch((error: unknown) => aborted(ctx, error));
    results.push({ flow_run_id: id, ...result });
  }
  return results;
}

function aborted(ctx: ServerContext, error: unknown): OrchestrationResult {
  const isExpected = error instanceof PrefectError;
  if (!isExpected) ctx.log.error({ err: error }, "a flow run's state could not be set");
  const reason = isExpected ? error.message : "Internal Server Error";
  return { state: null, status: "ABORT", details: { type: "abort_details", reason } };
}
