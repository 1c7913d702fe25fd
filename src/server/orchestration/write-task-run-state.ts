import type { Db } from "../../db/database.ts";
import { insertResultArtifact } from "../../db/repositories/artifacts.ts";
import { insertTaskRunState, type LockedTaskRun, updateTaskRunState } from "../../db/repositories/task-runs.ts";
import type { State, TaskRunColumns } from "../../domain/orchestration/facts.ts";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { ServerContext } from "../context.ts";
import { currentStateColumns, stateRow } from "./state-row.ts";

/** What a decision leaves to be written: the new state, if any, and the run columns that change. */
export interface DecidedTaskChange {
  readonly state: State | null;
  readonly run: Partial<TaskRunColumns>;
}

/** Writes a decision: the state's row, its result as an artifact, and the columns of the run. */
export async function writeTaskRunState(
  ctx: ServerContext,
  tx: Db,
  change: DecidedTaskChange & { readonly row: LockedTaskRun; readonly now: Timestamp },
): Promise<void> {
  const { row, state, now } = change;
  const { timestamp, interval } = ctx.db.dialect;
  const time = (value: Timestamp | null) => (value === null ? null : timestamp(value));
  if (state !== null) await insertTaskState(ctx, tx, { state, row, now });
  if (state === null && Object.keys(change.run).length === 0) return;

  const run = changedTaskRow(row, change);
  await updateTaskRunState(tx, row.id, {
    state_id: run.state_id,
    state_type: run.state_type,
    state_name: run.state_name,
    state_timestamp: time(run.state_timestamp),
    run_count: run.run_count,
    flow_run_run_count: run.flow_run_run_count,
    expected_start_time: time(run.expected_start_time),
    next_scheduled_start_time: time(run.next_scheduled_start_time),
    start_time: time(run.start_time),
    end_time: time(run.end_time),
    total_run_time: interval(run.total_run_time),
    empirical_policy: run.empirical_policy,
    updated: timestamp(now),
  });
}

/** The row's columns as they are once a decision has been written. */
export function changedTaskRow(row: LockedTaskRun, { state, run }: DecidedTaskChange): LockedTaskRun {
  const { empirical_policy: policy, tags: _tags, ...columns } = run;
  return {
    ...row,
    ...columns,
    ...(policy === undefined ? {} : { empirical_policy: JSON.stringify(policy) }),
    ...(state === null ? {} : currentStateColumns(state)),
  };
}

/** Writes the state's row, and its result as an artifact. */
export async function insertTaskState(
  ctx: ServerContext,
  tx: Db,
  written: { readonly state: State; readonly row: LockedTaskRun; readonly now: Timestamp },
): Promise<void> {
  const { state, row, now } = written;
  const artifactId = await insertResultArtifact(tx, {
    id: ctx.ids.next(),
    data: state.data,
    flow_run_id: row.flow_run_id,
    task_run_id: row.id,
    created: ctx.db.dialect.timestamp(now),
  });
  await insertTaskRunState(tx, {
    ...stateRow(ctx, state, now),
    task_run_id: row.id,
    result_artifact_id: artifactId,
  });
}
