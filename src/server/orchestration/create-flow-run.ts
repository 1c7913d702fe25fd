import type { Db } from "../../db/database.ts";
import { findFlowRunByKey, insertFlowRun, type LockedFlowRun } from "../../db/repositories/flow-runs.ts";
import { findFlow } from "../../db/repositories/flows.ts";
import { findRunSurroundings } from "../../db/repositories/run-surroundings.ts";
import { findWorkPool } from "../../db/repositories/work-pools.ts";
import { findWorkQueueInPool } from "../../db/repositories/work-queues.ts";
import type { FlowRunColumns } from "../../domain/orchestration/facts.ts";
import type { ServerContext } from "../context.ts";
import { IntegrityConflict, RunMadeMeanwhile, WorkPoolNotFound, WorkPoolQueueNotFound } from "../errors.ts";
import { flowRunView } from "../views/flow-run.ts";
import { draftRow, type FlowRunDraft } from "./flow-run-draft.ts";
import { announce, type Outcome, orchestrateFlowRun } from "./set-flow-run-state.ts";
import { changedRow, type DecidedChange, insertState } from "./write-flow-run-state.ts";

export interface CreatedFlowRun {
  /** `FlowRunResponse`. */
  readonly run: ReturnType<typeof flowRunView>;
  /** False when the flow already had a run with that idempotency key: that one is given. */
  readonly isNew: boolean;
}

/**
 * Makes a run with its first state and that state's event, in a transaction of its own.
 * @throws WorkPoolNotFound, WorkPoolQueueNotFound
 */
export async function createFlowRun(
  ctx: ServerContext,
  draft: FlowRunDraft & { readonly work_pool_name?: string | null },
): Promise<CreatedFlowRun> {
  const { created, outcome } = await ctx.db.write(async (tx) => {
    const queue = draft.work_pool_name ? await findNamedQueue(tx, draft.work_pool_name, draft.work_queue_name) : {};
    return await createFlowRunIn(ctx, tx, { ...draft, ...queue });
  });
  if (outcome) announce(ctx, outcome);
  return created;
}

/** The same within the caller's transaction; the caller announces the outcome after its commit. */
export async function createFlowRunIn(
  ctx: ServerContext,
  tx: Db,
  draft: FlowRunDraft,
): Promise<{ readonly created: CreatedFlowRun; readonly outcome: Outcome | undefined }> {
  const existing = await findExisting(ctx, tx, draft);
  if (existing) return { created: existing, outcome: undefined };
  const flow = await findFlow(tx, draft.flow_id);
  if (!flow) throw IntegrityConflict(undefined);
  const row = draftRow(ctx, { draft, flow, surroundings: await findRunSurroundings(tx, draft) });

  let written = row;
  const write = async (_ctx: ServerContext, _tx: Db, change: DecidedChange) => {
    written = changedRow(row, change);
    const { state } = change;
    const writeState = async () => {
      if (state !== null) await insertState(ctx, tx, { state, row, now: written.updated });
    };
    await insertRun(ctx, tx, { row: written, writeState });
  };
  if (draft.state === null) {
    await write(ctx, tx, { state: null, run: {} satisfies Partial<FlowRunColumns> });
    return { created: { run: flowRunView(written, ctx.clock.now()), isNew: true }, outcome: undefined };
  }
  const { outcome } = await orchestrateFlowRun(ctx, tx, {
    row,
    state: draft.state,
    force: true,
    client: draft.client,
    write,
  });
  return { created: { run: flowRunView(written, ctx.clock.now()), isNew: true }, outcome };
}

/** The pool's queue of that name, or else its default one. */
async function findNamedQueue(tx: Db, pool: string, queue: string | null | undefined) {
  if (queue) {
    const found = await findWorkQueueInPool(tx, { pool, queue });
    if (!found) throw WorkPoolQueueNotFound(pool, queue);
    return { work_queue_id: found.id };
  }
  const found = await findWorkPool(tx, pool);
  if (!found) throw WorkPoolNotFound(pool);
  return { work_queue_id: found.default_queue_id };
}

async function findExisting(ctx: ServerContext, tx: Db, draft: FlowRunDraft): Promise<CreatedFlowRun | undefined> {
  const { flow_id, idempotency_key } = draft;
  if (!idempotency_key) return undefined;
  const existing = await findFlowRunByKey(tx, { flow_id, idempotency_key });
  return existing && { run: flowRunView(existing, ctx.clock.now()), isNew: false };
}

/** Another replica may have made the run since `findExisting`: the conflict then makes the client ask again. */
async function insertRun(
  ctx: ServerContext,
  tx: Db,
  { row, writeState }: { readonly row: LockedFlowRun; readonly writeState: () => Promise<void> },
): Promise<void> {
  const { timestamp, interval } = ctx.db.dialect;
  const time = (value: string | null) => (value === null ? null : timestamp(value));
  const run = {
    ...row,
    created: timestamp(row.created),
    updated: timestamp(row.updated),
    state_timestamp: time(row.state_timestamp),
    expected_start_time: time(row.expected_start_time),
    next_scheduled_start_time: time(row.next_scheduled_start_time),
    start_time: time(row.start_time),
    end_time: time(row.end_time),
    total_run_time: interval(row.total_run_time),
  };
  const isNew = await insertFlowRun(tx, run, writeState);
  if (!isNew) throw RunMadeMeanwhile();
}
