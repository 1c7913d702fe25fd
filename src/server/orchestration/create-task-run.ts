import type { Db } from "../../db/database.ts";
import { findFlowRun } from "../../db/repositories/flow-runs.ts";
import {
  findTaskRunByKey,
  insertTaskRun,
  type LockedTaskRun,
  type NaturalKey,
  type TaskRunRow,
} from "../../db/repositories/task-runs.ts";
import type { Client } from "../../domain/orchestration/facts.ts";
import type { StateFields } from "../../domain/orchestration/states.ts";
import { runName } from "../../domain/run-name.ts";
import { parseJson } from "../../kit/json.ts";
import type { ServerContext } from "../context.ts";
import { RunMadeMeanwhile } from "../errors.ts";
import type { AfterCommit } from "./apply-task-effects.ts";
import { orchestrateTaskRun } from "./set-task-run-state.ts";
import { changedTaskRow, type DecidedTaskChange, insertTaskState } from "./write-task-run-state.ts";

/** A task run to be made. JSON parts are values, not text. */
export interface TaskRunDraft extends NaturalKey {
  readonly id?: string | null;
  readonly name?: string | undefined;
  readonly state: StateFields;
  readonly cache_key?: string | null;
  readonly cache_expiration?: string | null;
  readonly task_version?: string | null;
  readonly empirical_policy: unknown;
  readonly tags: readonly string[];
  readonly labels?: Readonly<Record<string, unknown>> | null;
  readonly task_inputs: unknown;
  readonly client: Client;
}

export interface CreatedTaskRun {
  readonly row: TaskRunRow;
  /** False when there was a task run with that natural key: that one is given, unchanged. */
  readonly isNew: boolean;
}

/** Makes a task run with its first state, in a transaction of its own. */
export async function createTaskRun(ctx: ServerContext, draft: TaskRunDraft): Promise<CreatedTaskRun> {
  try {
    return await createOnce(ctx, draft);
  } catch (error) {
    // Another client's has just been committed: now it is found.
    if (RunMadeMeanwhile.is(error)) return createOnce(ctx, draft);
    throw error;
  }
}

async function createOnce(ctx: ServerContext, draft: TaskRunDraft): Promise<CreatedTaskRun> {
  const { created, afterCommit } = await ctx.db.write((tx) => createTaskRunIn(ctx, tx, draft));
  for (const start of afterCommit) start();
  return created;
}

async function createTaskRunIn(
  ctx: ServerContext,
  tx: Db,
  draft: TaskRunDraft,
): Promise<{ readonly created: CreatedTaskRun; readonly afterCommit: AfterCommit }> {
  const known = await findTaskRunByKey(tx, draft);
  if (known) return { created: { row: known, isNew: false }, afterCommit: [] };
  const row = await draftRow(ctx, tx, draft);
  let written = row;
  const write = async (_ctx: ServerContext, _tx: Db, change: DecidedTaskChange) => {
    written = changedTaskRow(row, change);
    await insertRow(ctx, tx, written);
    if (change.state !== null) await insertTaskState(ctx, tx, { state: change.state, row, now: row.created });
  };
  const proposal = { row, state: draft.state, force: true, client: draft.client, write };
  const { afterCommit } = await orchestrateTaskRun(ctx, tx, proposal);
  return { created: { row: written, isNew: true }, afterCommit };
}

async function draftRow(ctx: ServerContext, tx: Db, draft: TaskRunDraft): Promise<LockedTaskRun> {
  const now = ctx.clock.now();
  return {
    id: draft.id ?? ctx.ids.next(),
    created: now,
    updated: now,
    name: draft.name || runName(Math.random),
    flow_run_id: draft.flow_run_id,
    task_key: draft.task_key,
    dynamic_key: draft.dynamic_key,
    cache_key: draft.cache_key ?? null,
    cache_expiration: draft.cache_expiration ?? null,
    task_version: draft.task_version ?? null,
    empirical_policy: JSON.stringify(draft.empirical_policy),
    tags: JSON.stringify(draft.tags),
    labels: JSON.stringify(await runLabels(tx, draft)),
    task_inputs: JSON.stringify(draft.task_inputs),
    run_count: 0,
    flow_run_run_count: 0,
    total_run_time: 0,
    ...UNSET,
  };
}

const UNSET = {
  state_id: null,
  state_type: null,
  state_name: null,
  state_timestamp: null,
  current_state_timestamp: null,
  state_message: null,
  state_details: null,
  state_data: null,
  result_data: null,
  expected_start_time: null,
  next_scheduled_start_time: null,
  start_time: null,
  end_time: null,
} as const;

/** The flow run's labels, then the system's, then the user's own, which win. */
async function runLabels(tx: Db, { flow_run_id, labels }: TaskRunDraft): Promise<Record<string, unknown>> {
  if (flow_run_id === null) return { ...labels };
  const flowRun = await findFlowRun(tx, flow_run_id);
  const inherited = (flowRun?.labels ?? null) === null ? {} : (parseJson(flowRun?.labels ?? "{}") as object);
  return { ...inherited, "prefect.flow-run.id": flow_run_id, ...labels };
}

async function insertRow(ctx: ServerContext, tx: Db, row: LockedTaskRun): Promise<void> {
  const { timestamp, interval } = ctx.db.dialect;
  const time = (value: string | null) => (value === null ? null : timestamp(value));
  const { current_state_timestamp, state_message, state_details, state_data, result_data, ...columns } = row;
  const isNew = await insertTaskRun(tx, {
    ...columns,
    created: timestamp(row.created),
    updated: timestamp(row.updated),
    cache_expiration: time(row.cache_expiration),
    state_timestamp: time(row.state_timestamp),
    expected_start_time: time(row.expected_start_time),
    next_scheduled_start_time: time(row.next_scheduled_start_time),
    start_time: time(row.start_time),
    end_time: time(row.end_time),
    total_run_time: interval(row.total_run_time),
  });
  if (!isNew) throw RunMadeMeanwhile();
}
