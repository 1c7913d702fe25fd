import type { NewEvent } from "../../db/repositories/events.ts";
import { matchesEvent } from "../../domain/events/match-event.ts";
import { addSeconds, compareTimestamps, type Timestamp } from "../../kit/timestamp.ts";
import type { EventFilter } from "../../schemas/filters/event-filter.ts";
import type { ServerContext } from "../context.ts";
import { firstEvents, nextEvents } from "../events/query-events.ts";
import type { Outbox } from "./outbox.ts";

/** New events that wait in memory while older ones are read. */
const MAX_WAITING = 256;
/** Ids of events told last: what is met a second time is left out. */
const MAX_REMEMBERED = 4_096;

/** Tells one subscriber of events. What it is too slow for is not kept but read from the database once it has caught up. */
export interface EventStream {
  /** New events, matching or not. */
  offer(events: readonly NewEvent[]): void;
  /** Tells what is stored from a time on, and was not told lately. */
  lookBack(since: Timestamp): void;
}

export function createEventStream(
  ctx: ServerContext,
  outbox: Outbox,
  options: { readonly filter: EventFilter; readonly onFailure: (error: unknown) => void },
): EventStream {
  const { filter, onFailure } = options;
  const told = createMemory();
  let isLookingBack = false;
  let waiting = new Map<string, NewEvent>();
  /** The time of the earliest event that was put off, and how many were. */
  let missed: { readonly since: Timestamp; readonly count: number } | undefined;
  let dropped = 0;

  const tell = (event: NewEvent) => {
    waiting.delete(event.id);
    if (told.has(event.id)) return;
    told.add(event.id);
    if (dropped > 0) outbox.send({ type: "event", event: shown(event), dropped });
    else outbox.sendText(frameOf(event));
    dropped = 0;
  };
  const putOff = (since: Timestamp, count: number) => {
    const isEarliest = missed === undefined || compareTimestamps(since, missed.since) < 0;
    missed = { since: isEarliest ? since : (missed?.since ?? since), count: (missed?.count ?? 0) + count };
    if (!isLookingBack) lookBack().catch(onFailure);
  };
  const tellStored = async ({ since, count }: { readonly since: Timestamp; readonly count: number }) => {
    const earliest = earliestTold(ctx);
    const isTooEarly = compareTimestamps(since, earliest) < 0;
    if (isTooEarly) dropped += count;
    for await (const event of storedEvents(ctx, filter, isTooEarly ? earliest : since)) {
      if (outbox.isFull) await outbox.drained();
      if (outbox.isClosed) return;
      tell(event as NewEvent);
    }
  };
  async function lookBack(): Promise<void> {
    isLookingBack = true;
    while (missed !== undefined && !outbox.isClosed) {
      await outbox.drained();
      const from = missed;
      missed = undefined;
      await tellStored(from);
      const late = waiting;
      waiting = new Map();
      for (const event of late.values()) {
        if (outbox.isFull) putOff(event.occurred, 1);
        else tell(event);
      }
    }
    isLookingBack = false;
  }

  return {
    offer(events) {
      for (const event of events) {
        if (!matchesEvent(filter, event)) continue;
        if (isLookingBack && waiting.size < MAX_WAITING) waiting.set(event.id, event);
        else if (isLookingBack || outbox.isFull) putOff(event.occurred, 1);
        else tell(event);
      }
    },
    lookBack: (since) => putOff(since, 0),
  };
}

/** Nobody is told of what is older. */
export function earliestTold(ctx: ServerContext): Timestamp {
  return addSeconds(ctx.clock.now(), -ctx.settings.server.events.maximum_websocket_backfill);
}

async function* storedEvents(ctx: ServerContext, filter: EventFilter, from: Timestamp) {
  const asked = filter.occurred?.since;
  const since = asked !== undefined && compareTimestamps(asked, from) > 0 ? asked : from;
  const bounded = { ...filter, order: "ASC" as const, occurred: { ...filter.occurred, since } };
  let page = await firstEvents(ctx, bounded, ctx.settings.server.events.websocket_backfill_page_size);
  for (;;) {
    yield* page.events;
    if (page.next === null) return;
    page = await nextEvents(ctx, page.next);
  }
}

/** A set that forgets what was added first. */
function createMemory() {
  const ids = new Set<string>();
  return {
    has: (id: string) => ids.has(id),
    add(id: string) {
      ids.add(id);
      if (ids.size <= MAX_REMEMBERED) return;
      const [oldest] = ids;
      if (oldest !== undefined) ids.delete(oldest);
    },
  };
}

/** Frames by event: what many are told of is written once, and kept once for all who are slow. */
const frames = new WeakMap<NewEvent, Buffer>();

function frameOf(event: NewEvent): Buffer {
  const known = frames.get(event);
  if (known) return known;
  const frame = Buffer.from(JSON.stringify({ type: "event", event: shown(event) }));
  frames.set(event, frame);
  return frame;
}

function shown(event: NewEvent): NewEvent {
  const { occurred, event: name, resource, related, payload, id, follows, received } = event;
  return { occurred, event: name, resource, related, payload, id, follows, received };
}
