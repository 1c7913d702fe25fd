import type { Db } from "../../db/database.ts";
import { enqueueBackgroundTask } from "../../db/repositories/background-tasks.ts";
import { insertCachedState } from "../../db/repositories/task-state-cache.ts";
import type { Effect } from "../../domain/orchestration/effects.ts";
import type { ServerContext } from "../context.ts";
import { applySlotEffect } from "./apply-slot-effects.ts";

/** What waits for the commit. */
export type AfterCommit = readonly (() => void)[];

/** Does what a decision on a task run asked for, in its order, within the decision's transaction. */
export async function applyTaskEffects(ctx: ServerContext, tx: Db, effects: readonly Effect[]): Promise<AfterCommit> {
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
      case "insert-task-cache":
        await insertCache(ctx, tx, effect);
        break;
      case "enqueue-background-task": {
        const { kind: _kind, ...task } = effect;
        await enqueueBackgroundTask(tx, { ...task, now: ctx.clock.now() });
        afterCommit.push(() => ctx.backgroundTasks.announce(task));
        break;
      }
      // No rule of a task run asks for these.
      case "delete-flow-run-inputs":
      case "mirror-subflow-state":
      case "reset-failed-children":
      case "emit-flow-run-event":
      case "watch-cancelling":
        break;
    }
  }
  return afterCommit;
}

async function insertCache(
  ctx: ServerContext,
  tx: Db,
  effect: Extract<Effect, { readonly kind: "insert-task-cache" }>,
): Promise<void> {
  const { timestamp } = ctx.db.dialect;
  const created = timestamp(ctx.clock.now());
  await insertCachedState(tx, {
    id: ctx.ids.next(),
    created,
    updated: created,
    cache_key: effect.cacheKey,
    cache_expiration: effect.cacheExpiration === null ? null : timestamp(effect.cacheExpiration),
    task_run_state_id: effect.stateId,
  });
}
