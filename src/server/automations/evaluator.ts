import type { Db } from "../../db/database.ts";
import {
  deleteQueuedEvents,
  findStoredEvents,
  listQueuedEvents,
  lockEvaluation,
  postponeQueuedEvents,
  type QueuedEvent,
} from "../../db/repositories/trigger-queue.ts";
import { applyEvent } from "../../domain/automations/bucket.ts";
import type { SeenEvent } from "../../domain/automations/firing.ts";
import { leadersFirst } from "../../domain/automations/leaders-first.ts";
import { addSeconds, secondsBetween, type Timestamp } from "../../kit/timestamp.ts";
import type { ServerContext } from "../context.ts";
import { isUnavailable } from "../events/ingest.ts";
import { eventView } from "../views/event.ts";
import { beginEvaluation } from "./evaluation.ts";
import type { AutomationsView } from "./watched.ts";

/** Events of one transaction. */
const BATCH_SIZE = 100;
/** How long an event waits for the one that it follows. */
const MAX_WAIT_SECONDS = 10;
const LOOK_AGAIN_SECONDS = 0.5;

interface Batch {
  readonly handled: number;
  readonly events: readonly SeenEvent[];
}

/** Evaluates the events that wait, each in the transaction that takes it out of the queue. Gives how many they were. */
export async function evaluateTriggers(ctx: ServerContext): Promise<number> {
  let total = 0;
  while ((await listQueuedEvents(ctx.db.read, ctx.clock.now(), 1)).length > 0) {
    const handled = await evaluateBatch(ctx, BATCH_SIZE);
    if (handled === 0) break;
    total += handled;
  }
  return total;
}

/** An event that cannot be evaluated must not keep others from it: it is found by going one by one, and dropped. */
async function evaluateBatch(ctx: ServerContext, limit: number): Promise<number> {
  let taken: readonly string[] = [];
  try {
    const { handled, events } = await ctx.db.write(async (tx) =>
      evaluateIn(ctx, tx, {
        limit,
        onTaken: (ids) => {
          taken = ids;
        },
      }),
    );
    ctx.bus.publish(events);
    return handled;
  } catch (error) {
    if (isUnavailable(error) || taken.length === 0) throw error;
    if (limit > 1) return evaluateBatch(ctx, 1);
    ctx.log.error(
      { err: error, event_id: taken[0] },
      "an event could not be evaluated by the automations; it is left out",
    );
    await ctx.db.write((tx) => deleteQueuedEvents(tx, taken));
    return 1;
  }
}

async function evaluateIn(
  ctx: ServerContext,
  tx: Db,
  how: { readonly limit: number; readonly onTaken: (ids: readonly string[]) => void },
): Promise<Batch> {
  await lockEvaluation(tx);
  const now = ctx.clock.now();
  const queued = await listQueuedEvents(tx, now, how.limit);
  how.onTaken(queued.map(({ id }) => id));
  if (queued.length === 0) return { handled: 0, events: [] };
  const early = await findEarly(tx, queued, now);
  await postponeQueuedEvents(tx, [...early], addSeconds(now, LOOK_AGAIN_SECONDS));
  const ready = leadersFirst(queued.filter(({ id }) => !early.has(id)));
  const automations = await ctx.automations.refresh(tx);
  const events = await see(ctx, tx, { automations, events: ready.map((row) => eventView(row) as SeenEvent) });
  await deleteQueuedEvents(
    tx,
    ready.map(({ id }) => id),
  );
  return { handled: queued.length, events };
}

/** The events that follow one that has not arrived, as long as that may still come. */
async function findEarly(tx: Db, queued: readonly QueuedEvent[], now: Timestamp): Promise<ReadonlySet<string>> {
  const waiting = queued.filter(
    ({ follows, queued: since }) => follows !== null && secondsBetween(since, now) < MAX_WAIT_SECONDS,
  );
  const arrived = await findStoredEvents(
    tx,
    waiting.flatMap(({ follows }) => follows ?? []),
  );
  return new Set(waiting.filter(({ follows }) => follows !== null && !arrived.has(follows)).map(({ id }) => id));
}

async function see(
  ctx: ServerContext,
  tx: Db,
  { automations, events }: { readonly automations: AutomationsView; readonly events: readonly SeenEvent[] },
): Promise<readonly SeenEvent[]> {
  const triggers = [...automations.values()].flatMap(({ eventTriggers }) => eventTriggers);
  const evaluation = beginEvaluation(ctx, tx);
  for (const event of events) {
    for (const trigger of triggers) {
      if (!trigger.criteria.covers(event)) continue;
      await evaluation.change(trigger, trigger.criteria.bucketingKey(event), (state) =>
        applyEvent(trigger, state, event),
      );
    }
  }
  return evaluation.finish();
}
