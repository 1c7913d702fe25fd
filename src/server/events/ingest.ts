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

/** Events of one transaction. */
const MAX_BATCH = 500;

interface Waiting {
  readonly event: NewEvent;
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
  let underWay = 0;
  let draining: Promise<void> | undefined;

  const drain = async () => {
    await nextTurn();
    while (waiting.length > 0) {
      const batch = waiting.splice(0, MAX_BATCH);
      underWay = batch.length;
      await storeBatch(ctx, batch);
      underWay = 0;
    }
    draining = undefined;
  };
  const addOne = (event: Event, received: string) =>
    new Promise<void>((resolve, reject) => waiting.push({ event: { ...event, received }, resolve, reject }));

  return {
    get backlog() {
      return waiting.length + underWay;
    },
    async add(events) {
      const received = ctx.clock.now();
      const settled = events.map((event) => addOne(event, received));
      draining ??= drain();
      await Promise.all(settled);
    },
    async idle() {
      while (draining) await draining;
    },
  };
}

/** One transaction for all; when it fails, one for each half, so that a poisonous event fails alone. */
async function storeBatch(ctx: IngestContext, batch: readonly Waiting[]): Promise<void> {
  try {
    await store(
      ctx,
      batch.map(({ event }) => event),
    );
    for (const { resolve } of batch) resolve();
  } catch (error) {
    if (batch.length > 1 && !isUnavailable(error)) {
      const middle = batch.length >> 1;
      await storeBatch(ctx, batch.slice(0, middle));
      return storeBatch(ctx, batch.slice(middle));
    }
    for (const { reject } of batch) reject(error);
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
