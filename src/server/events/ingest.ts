import { setImmediate as nextTurn } from "node:timers/promises";
import type { Db } from "../../db/database.ts";
import { databaseFailure } from "../../db/errors.ts";
import { insertEvents, type NewEvent } from "../../db/repositories/events.ts";
import { PrefectError } from "../../kit/errors.ts";
import type { Event } from "../../schemas/event.ts";
import { queueForTriggers } from "../automations/queue.ts";
import type { ServerContext } from "../context.ts";
import { recordTaskRuns } from "./record-task-runs.ts";
import { renewLeases } from "./renew-run-leases.ts";

/** Events of one transaction, about. */
const MAX_BATCH = 500;

/** What one sender handed over at once. */
interface Waiting {
  readonly events: readonly NewEvent[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Takes events in, whoever sends them, and stores what arrives together in one transaction. */
export interface EventIngest {
  /** Events accepted and not yet committed; senders wait while it is high. */
  readonly backlog: number;
  /** Resolves when the events are committed and announced; an event whose id is known changes nothing. */
  add(events: readonly Event[]): Promise<void>;
  /** Resolves when everything accepted so far is settled. */
  idle(): Promise<void>;
}

type IngestContext = Omit<ServerContext, "ingest">;

export function createEventIngest(ctx: IngestContext): EventIngest {
  const waiting: Waiting[] = [];
  let backlog = 0;
  let draining: Promise<void> | undefined;

  const drain = async () => {
    await nextTurn();
    while (waiting.length > 0) {
      const batch = takeBatch(waiting);
      const events = batch.flatMap((each) => each.events);
      settle(batch, await storeAll(ctx, events));
      backlog -= events.length;
    }
    draining = undefined;
  };

  return {
    get backlog() {
      return backlog;
    },
    async add(events) {
      if (events.length === 0) return;
      const received = ctx.clock.now();
      const settled = new Promise<void>((resolve, reject) =>
        waiting.push({ events: events.map((event) => ({ ...event, received })), resolve, reject }),
      );
      backlog += events.length;
      draining ??= drain();
      await settled;
    },
    async idle() {
      while (draining) await draining;
    },
  };
}

/** Takes senders out, from the front: at least one, and no more once there are events for a transaction. */
function takeBatch(waiting: Waiting[]): readonly Waiting[] {
  let senders = 0;
  for (let events = 0; senders < waiting.length && events < MAX_BATCH; senders++)
    events += waiting[senders]?.events.length ?? 0;
  return waiting.splice(0, senders);
}

type Failures = ReadonlyMap<NewEvent, unknown>;

function settle(batch: readonly Waiting[], failures: Failures): void {
  for (const { events, resolve, reject } of batch) {
    const failed = failures.size === 0 ? undefined : events.find((event) => failures.has(event));
    if (failed) reject(failures.get(failed));
    else resolve();
  }
}

/** Gives those that could not be stored, with the reason. */
async function storeAll(ctx: IngestContext, events: readonly NewEvent[]): Promise<Failures> {
  const failures = new Map<NewEvent, unknown>();
  for (let at = 0; at < events.length; at += MAX_BATCH)
    await storeTogether(ctx, events.slice(at, at + MAX_BATCH), failures);
  return failures;
}

/** One transaction for all; when it fails, one for each half, so that a poisonous event fails alone. */
async function storeTogether(
  ctx: IngestContext,
  events: readonly NewEvent[],
  failures: Map<NewEvent, unknown>,
): Promise<void> {
  try {
    await store(ctx, events);
  } catch (error) {
    if (events.length > 1 && !isUnavailable(error)) {
      const middle = events.length >> 1;
      await storeTogether(ctx, events.slice(0, middle), failures);
      return storeTogether(ctx, events.slice(middle), failures);
    }
    for (const event of events) failures.set(event, error);
  }
}

/** True when the same events may well be stored later: the database is busy or away. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof PrefectError ? error.status === 503 : databaseFailure(error) !== undefined;
}

async function store(ctx: IngestContext, events: readonly NewEvent[]): Promise<void> {
  const fresh = await ctx.db.write(async (tx) => storeIn(ctx, tx, events));
  ctx.bus.publish(fresh);
}

/** The task runs that client events tell of are written in the transaction that stores the events. */
async function storeIn(ctx: IngestContext, tx: Db, events: readonly NewEvent[]): Promise<readonly NewEvent[]> {
  const context = { now: ctx.clock.now(), nextId: () => ctx.ids.next() };
  const newIds = await insertEvents(tx, events, context);
  const seen = new Set<string>();
  const fresh = events.filter(({ id }) => newIds.has(id) && !seen.has(id) && seen.add(id));
  await renewLeases(ctx, tx, fresh);
  await recordTaskRuns(ctx, tx, fresh);
  await queueForTriggers(ctx, tx, fresh);
  return fresh;
}
