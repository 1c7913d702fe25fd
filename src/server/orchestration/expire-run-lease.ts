import type { Db } from "../../db/database.ts";
import { type LockedFlowRun, lockFlowRun } from "../../db/repositories/flow-runs.ts";
import { listAbandonedTaskRunIds } from "../../db/repositories/overdue-runs.ts";
import {
  endRunLease,
  lockExpiredRunLease,
  postponeRunLeases,
  type RunLeaseRow,
} from "../../db/repositories/run-leases.ts";
import { lockTaskRun } from "../../db/repositories/task-runs.ts";
import { judgeRunLease, type LeaseVerdict } from "../../domain/orchestration/judge-run-lease.ts";
import { MinimalTaskPolicy } from "../../domain/orchestration/policies.ts";
import { isTerminal } from "../../domain/orchestration/states.ts";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { ServerContext } from "../context.ts";
import { currentState, runColumns } from "./flow-run-subject.ts";
import { announce, type Outcome, orchestrateFlowRun } from "./set-flow-run-state.ts";
import { orchestrateTaskRun } from "./set-task-run-state.ts";

/** Task runs crashed in one transaction. */
const MAX_TASK_RUNS = 200;
const WITH_FLOW_RUN = "The process that executed the flow run has died.";

interface Step {
  readonly outcome: Outcome;
  readonly isCrashed: boolean;
  readonly isDone: boolean;
}

const NOTHING: Step = { outcome: { events: [], afterCommit: [] }, isCrashed: false, isDone: true };

/**
 * Crashes a run whose lease has expired by `now`, after its unfinished task runs, unless it sends a heartbeat, ends or
 * begins another attempt meanwhile. Any number of servers may do so at once. Returns whether it crashed the run.
 */
export async function expireRunLease(ctx: ServerContext, id: string, now: Timestamp): Promise<boolean> {
  for (;;) {
    const step = await ctx.db.write((tx) => takeStep(ctx, tx, { id, now }));
    announce(ctx, step.outcome);
    if (step.isDone) return step.isCrashed;
  }
}

async function takeStep(
  ctx: ServerContext,
  tx: Db,
  at: { readonly id: string; readonly now: Timestamp },
): Promise<Step> {
  const row = await lockFlowRun(tx, at.id);
  const lease = await lockExpiredRunLease(tx, at.id, at.now);
  if (!lease) return NOTHING;
  const verdict = row === undefined ? ({ kind: "end" } as const) : judge(ctx, { row, lease, now: at.now });
  switch (verdict.kind) {
    case "end":
      await endRunLease(tx, at.id);
      return NOTHING;
    case "wait":
      await postponeRunLeases(tx, verdict.until, at.id);
      return NOTHING;
    case "crash":
      return row === undefined ? NOTHING : await crash(ctx, tx, { row, message: verdict.message });
  }
}

function judge(
  ctx: ServerContext,
  silent: { readonly row: LockedFlowRun; readonly lease: RunLeaseRow; readonly now: Timestamp },
): LeaseVerdict {
  const { row, lease, now } = silent;
  const { lease_seconds: leaseSeconds } = ctx.settings.server.services.run_leases;
  return judgeRunLease({ run: runColumns(row), state: currentState(row), lease }, { now, leaseSeconds });
}

/** The task runs first, a few at a time: as long as some are left the lease still says that there is something to do. */
async function crash(
  ctx: ServerContext,
  tx: Db,
  dead: { readonly row: LockedFlowRun; readonly message: string },
): Promise<Step> {
  const { row, message } = dead;
  const taskRunIds = await listAbandonedTaskRunIds(tx, row.id, MAX_TASK_RUNS);
  const afterCommit: (() => void)[] = [];
  for (const id of taskRunIds) afterCommit.push(...(await crashTaskRun(ctx, tx, id)));
  if (taskRunIds.length === MAX_TASK_RUNS) {
    return { outcome: { events: [], afterCommit }, isCrashed: false, isDone: false };
  }
  const state = { type: "CRASHED", message } as const;
  const { outcome } = await orchestrateFlowRun(ctx, tx, { row, state, client: {} });
  await endRunLease(tx, row.id);
  const all = { events: outcome.events, afterCommit: [...afterCommit, ...outcome.afterCommit] };
  return { outcome: all, isCrashed: true, isDone: true };
}

async function crashTaskRun(ctx: ServerContext, tx: Db, id: string): Promise<readonly (() => void)[]> {
  const row = await lockTaskRun(tx, id);
  if (!row || row.state_type === null || isTerminal({ type: row.state_type })) return [];
  const state = { type: "CRASHED", message: WITH_FLOW_RUN } as const;
  return (await orchestrateTaskRun(ctx, tx, { row, state, policy: MinimalTaskPolicy, client: {} })).afterCommit;
}
