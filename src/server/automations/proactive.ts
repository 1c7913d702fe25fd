import type { Db } from "../../db/database.ts";
import { deleteStaleQueuedEvents, lockEvaluation } from "../../db/repositories/trigger-queue.ts";
import {
  deleteClosedBuckets,
  deleteOldHeldEvents,
  findFirstEnd,
  listDueKeys,
} from "../../db/repositories/trigger-states.ts";
import { applyTime, openAt } from "../../domain/automations/bucket.ts";
import type { SeenEvent } from "../../domain/automations/firing.ts";
import { HELD_SECONDS } from "../../domain/automations/held-events.ts";
import type { WatchedTrigger } from "../../domain/automations/watched-automation.ts";
import { addSeconds, compareTimestamps, type Timestamp } from "../../kit/timestamp.ts";
import type { ServerContext } from "../context.ts";
import { beginEvaluation } from "./evaluation.ts";
import { evaluateTriggers } from "./evaluator.ts";

/** Windows of one transaction. */
const BATCH_SIZE = 200;
/** By then retention may have taken an event that still waits. */
const MAX_QUEUED_SECONDS = 3600;

/** Fires the proactive triggers whose events have stayed away, and sweeps up what no trigger needs. Gives how many windows it closed. */
export async function evaluateProactiveTriggers(ctx: ServerContext): Promise<number> {
  // What has happened counts before what has not.
  await evaluateTriggers(ctx);
  const automations = await ctx.automations.refresh(ctx.db.read);
  if (automations.size === 0) return 0;
  let closed = 0;
  for (const { eventTriggers } of automations.values()) {
    for (const trigger of eventTriggers) if (isDue(ctx, trigger)) closed += await closeWindows(ctx, trigger);
  }
  await sweep(ctx);
  return closed;
}

function isDue(ctx: ServerContext, trigger: WatchedTrigger): boolean {
  if (trigger.definition.posture !== "Proactive") return false;
  const next = ctx.automations.nextRuns.get(trigger);
  return next === undefined || compareTimestamps(next, ctx.clock.now()) <= 0;
}

async function closeWindows(ctx: ServerContext, trigger: WatchedTrigger): Promise<number> {
  let closed = 0;
  let batch: Closed;
  do {
    batch = await ctx.db.write((tx) => closeSome(ctx, tx, trigger));
    ctx.bus.publish(batch.events);
    closed += batch.keys;
  } while (batch.keys === BATCH_SIZE);
  ctx.automations.nextRuns.set(trigger, batch.next);
  return closed;
}

interface Closed {
  readonly keys: number;
  readonly events: readonly SeenEvent[];
  /** When to look again. */
  readonly next: Timestamp;
}

async function closeSome(ctx: ServerContext, tx: Db, trigger: WatchedTrigger): Promise<Closed> {
  await lockEvaluation(tx);
  const now = ctx.clock.now();
  const latest = addSeconds(now, trigger.definition.within);
  // It may have changed, or gone, since.
  const automation = (await ctx.automations.refresh(tx)).get(trigger.automation.stored.id);
  if (!automation?.eventTriggers.includes(trigger)) return { keys: 0, events: [], next: latest };
  const ids = { automation_id: automation.stored.id, trigger_id: trigger.id };
  const evaluation = beginEvaluation(ctx, tx);
  if (trigger.definition.for_each.length === 0) {
    await evaluation.change(trigger, [], (state) => ({ state: openAt(trigger, state, now), fired: [] }));
  }
  const { threshold } = trigger.definition;
  const keys = await listDueKeys(tx, ids, { by: now, threshold, limit: BATCH_SIZE });
  for (const key of keys) await evaluation.change(trigger, key, (state) => applyTime(trigger, state, now));
  const events = await evaluation.finish();
  const end = await findFirstEnd(tx, ids);
  const isSooner = end !== undefined && compareTimestamps(now, end) < 0 && compareTimestamps(end, latest) < 0;
  return { keys: keys.length, events, next: isSooner ? end : latest };
}

async function sweep(ctx: ServerContext): Promise<void> {
  const now = ctx.clock.now();
  const endedBefore = addSeconds(now, -ctx.settings.server.events.expired_bucket_buffer);
  await ctx.db.write(async (tx) => {
    await lockEvaluation(tx);
    await deleteOldHeldEvents(tx, { storedBefore: addSeconds(now, -HELD_SECONDS), now });
    await deleteClosedBuckets(tx, endedBefore);
    await deleteStaleQueuedEvents(tx, now, MAX_QUEUED_SECONDS);
  });
}
