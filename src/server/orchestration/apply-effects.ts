import type { Db } from "../../db/database.ts";
import type { NewEvent } from "../../db/repositories/events.ts";
import { deleteFlowRunInputs } from "../../db/repositories/flow-run-inputs.ts";
import { endRunLease } from "../../db/repositories/run-leases.ts";
import { listFailedTaskRunIds, lockTaskRun } from "../../db/repositories/task-runs.ts";
import type { Effect } from "../../domain/orchestration/effects.ts";
import { MinimalTaskPolicy } from "../../domain/orchestration/policies.ts";
import type { ServerContext } from "../context.ts";
import { applySlotEffect } from "./apply-slot-effects.ts";
import type { AfterCommit } from "./apply-task-effects.ts";
import { orchestrateTaskRun } from "./set-task-run-state.ts";

/** Events that effects caused, already stored, and what waits for the commit. */
export interface AppliedEffects {
  readonly events: readonly NewEvent[];
  readonly afterCommit: AfterCommit;
}

/** Does what a decision on a flow run asked for, in its order, within the decision's transaction. */
export async function applyEffects(ctx: ServerContext, tx: Db, effects: readonly Effect[]): Promise<AppliedEffects> {
  const afterCommit: (() => void)[] = [];
  for (const effect of effects) {
    switch (effect.kind) {
      case "take-slots":
      case "renew-lease":
      case "forget-lease":
      case "release-deployment-slot":
      case "take-legacy-tag-slots":
      case "release-tag-slots":
        await applySlotEffect(ctx, tx, effect);
        break;
      case "delete-flow-run-inputs":
        await deleteFlowRunInputs(tx, effect.flowRunId, effect.keys);
        break;
      case "end-run-lease":
        await endRunLease(tx, effect.flowRunId);
        break;
      case "mirror-subflow-state":
        afterCommit.push(...(await mirrorSubflowState(ctx, tx, effect)));
        break;
      case "reset-failed-children":
        afterCommit.push(...(await resetFailedChildren(ctx, tx, effect)));
        break;
      // Stored by the caller, which knows the run's surroundings.
      case "emit-flow-run-event":
      // A service looks for runs that have been CANCELLING for too long, so nothing has to remember this one.
      case "watch-cancelling":
      // No rule of a flow run asks for these.
      case "insert-task-cache":
      case "enqueue-background-task":
        break;
    }
  }
  return { events: [], afterCommit };
}

async function mirrorSubflowState(
  ctx: ServerContext,
  tx: Db,
  effect: Extract<Effect, { readonly kind: "mirror-subflow-state" }>,
): Promise<AfterCommit> {
  const row = await lockTaskRun(tx, effect.taskRunId);
  if (!row) return [];
  const { afterCommit } = await orchestrateTaskRun(ctx, tx, {
    row,
    // Entered after the subflow's own.
    proposed: { ...effect.state, timestamp: ctx.clock.now() },
    policy: MinimalTaskPolicy,
    client: {},
  });
  return afterCommit;
}

async function resetFailedChildren(
  ctx: ServerContext,
  tx: Db,
  effect: Extract<Effect, { readonly kind: "reset-failed-children" }>,
): Promise<AfterCommit> {
  const { flowRunId, scheduledTime } = effect;
  const state = {
    type: "SCHEDULED",
    name: "AwaitingRetry",
    state_details: { scheduled_time: scheduledTime },
  } as const;
  const afterCommit: (() => void)[] = [];
  for (const id of await listFailedTaskRunIds(tx, flowRunId)) {
    const row = await lockTaskRun(tx, id);
    if (!row) continue;
    // Their retries count from the start again.
    const reset = { row, state, policy: MinimalTaskPolicy, client: {}, columns: { run_count: 0 } };
    afterCommit.push(...(await orchestrateTaskRun(ctx, tx, reset)).afterCommit);
  }
  return afterCommit;
}
