import type { Db } from "../../db/database.ts";
import { insertResultArtifact } from "../../db/repositories/artifacts.ts";
import { insertFlowRunState } from "../../db/repositories/flow-run-states.ts";
import { type LockedFlowRun, updateFlowRunState } from "../../db/repositories/flow-runs.ts";
import type { FlowRunColumns, State } from "../../domain/orchestration/facts.ts";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { ServerContext } from "../context.ts";
import { currentStateColumns, stateRow } from "./state-row.ts";

/** What a decision leaves to be written: the new state, if any, and the run columns that change. */
export interface DecidedChange {
  readonly state: State | null;
  readonly run: Partial<FlowRunColumns>;
}

/** Writes a decision: the state's row, its result as an artifact, and the columns of the run. */
export async function writeFlowRunState(
  ctx: ServerContext,
  tx: Db,
  change: DecidedChange & { readonly row: LockedFlowRun; readonly now: Timestamp },
): Promise<void> {
  const { row, state, now } = change;
  const { timestamp, interval } = ctx.db.dialect;
  const time = (value: Timestamp | null) => (value === null ? null : timestamp(value));
  if (state !== null) await insertState(ctx, tx, { state, row, now });
  if (state === null && Object.keys(change.run).length === 0) return;

  const { empirical_policy: policy, ...columns } = change.run;
  const run = { ...row, ...columns };
  await updateFlowRunState(tx, row.id, {
    state_id: state?.id ?? row.state_id,
    state_type: run.state_type,
    state_name: run.state_name,
    state_timestamp: time(run.state_timestamp),
    run_count: run.run_count,
    expected_start_time: time(run.expected_start_time),
    next_scheduled_start_time: time(run.next_scheduled_start_time),
    start_time: time(run.start_time),
    end_time: time(run.end_time),
    total_run_time: interval(run.total_run_time),
    empirical_policy: policy === undefined ? row.empirical_policy : JSON.stringify(policy),
    updated: timestamp(now),
  });
}

/** The row's columns as they are once a decision has been written. */
export function changedRow(row: LockedFlowRun, change: DecidedChange): LockedFlowRun {
  const { empirical_policy: policy, ...columns } = change.run;
  return {
    ...row,
    ...columns,
    ...(policy === undefined ? {} : { empirical_policy: JSON.stringify(policy) }),
    ...(change.state === null ? {} : currentStateColumns(change.state)),
  };
}

/** Writes the state's row, and its result as an artifact. */
export async function insertState(
  ctx: ServerContext,
  tx: Db,
  written: { readonly state: State; readonly row: Pick<LockedFlowRun, "id">; readonly now: Timestamp },
): Promise<void> {
  const { state, row, now } = written;
  const artifactId = await insertResultArtifact(tx, {
    id: ctx.ids.next(),
    data: state.data,
    flow_run_id: row.id,
    task_run_id: null,
    created: ctx.db.dialect.timestamp(now),
  });
  await insertFlowRunState(tx, {
    ...stateRow(ctx, state, now),
    flow_run_id: row.id,
    result_artifact_id: artifactId,
  });
}
