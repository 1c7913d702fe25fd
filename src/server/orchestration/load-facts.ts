import type { Db } from "../../db/database.ts";
import { listFlowRunStateTimestamps } from "../../db/repositories/flow-run-states.ts";
import type { LockedFlowRun } from "../../db/repositories/flow-runs.ts";
import type { FactName, Facts, FlowRunColumns } from "../../domain/orchestration/facts.ts";
import type { Intent } from "../../domain/orchestration/rule.ts";
import type { ServerContext } from "../context.ts";

/** Loads the named facts under the run's lock. */
export async function loadFlowFacts(
  ctx: ServerContext,
  tx: Db,
  wanted: {
    readonly names: ReadonlySet<FactName>;
    readonly row: LockedFlowRun;
    readonly intent: Intent<FlowRunColumns>;
  },
): Promise<Partial<Facts>> {
  const { names, row, intent } = wanted;
  const facts: { -readonly [K in keyof Facts]?: Facts[K] } = {};
  if (names.has("stateTimestamps")) {
    const from = ctx.db.dialect.timestamp(intent.proposed.timestamp);
    facts.stateTimestamps = await listFlowRunStateTimestamps(tx, { flow_run_id: row.id, from });
  }
  return facts;
}
