import type { RawData, WebSocket } from "ws";
import type { NewEvent } from "../../db/repositories/events.ts";
import { matchesEvent } from "../../domain/events/match-event.ts";
import { parseJson } from "../../kit/json.ts";
import { addSeconds, compareTimestamps } from "../../kit/timestamp.ts";
import { EventFilter } from "../../schemas/filters/event-filter.ts";
import type { ServerContext } from "../context.ts";
import { firstEvents, nextEvents } from "../events/query-events.ts";

const PROTOCOL_ERROR = 1002;
const INTERNAL_ERROR = 1011;
const TRY_AGAIN_LATER = 1013;
/** A subscriber that does not read this much is let go; it connects again and is told what it missed. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;

/**
 * `/events/out`: the first message is `{"type": "filter", "filter", "backfill"}`; the answer is the stored events that
 * match it, oldest first, then each new one as it is stored, as `{"type": "event", "event"}`.
 */
export function serveEventsOut(ctx: ServerContext, socket: WebSocket): undefined {
  socket.once("message", (data: RawData) => {
    const request = readRequest(String(data));
    if (typeof request === "string") return socket.close(PROTOCOL_ERROR, request);
    stream(ctx, socket, request).catch((error: unknown) => {
      ctx.log.error({ err: error }, "events could not be streamed");
      socket.close(INTERNAL_ERROR);
    });
  });
}

interface Subscription {
  readonly filter: EventFilter;
  readonly wantsBackfill: boolean;
}

/** A text says why the message is no request; a close frame has room for 123 bytes of it. */
function readRequest(text: string): Subscription | string {
  const message = parseMessage(text);
  if (message?.type !== "filter") return "Expected 'filter' message";
  const filter = EventFilter.parse(message.filter);
  if (!filter.ok) return `Invalid filter: ${filter.errors[0]?.msg ?? ""}`.slice(0, 100);
  return { filter: filter.value, wantsBackfill: message.backfill !== false };
}

function parseMessage(text: string) {
  try {
    return parseJson(text) as {
      readonly type?: unknown;
      readonly filter?: unknown;
      readonly backfill?: unknown;
    } | null;
  } catch {
    return undefined;
  }
}

/** Listens first and looks back second, so that nothing is missed in between; what comes meanwhile waits. */
async function stream(ctx: ServerContext, socket: WebSocket, { filter, wantsBackfill }: Subscription): Promise<void> {
  const told = new Set<string>();
  let waiting: NewEvent[] | undefined = [];
  const tell = (event: { readonly id: string }) => {
    if (socket.bufferedAmount > MAX_UNREAD_BYTES) return socket.close(TRY_AGAIN_LATER, "Too slow");
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ type: "event", event }));
  };
  const unsubscribe = ctx.bus.subscribe((events) => {
    for (const event of events) {
      if (!matchesEvent(filter, event)) continue;
      if (waiting) waiting.push(event);
      else tell(shown(event));
    }
  });
  socket.once("close", unsubscribe);
  if (wantsBackfill) {
    for await (const event of storedEvents(ctx, filter)) {
      told.add(event.id);
      tell(event);
    }
  }
  for (const event of waiting) if (!told.has(event.id)) tell(shown(event));
  waiting = undefined;
}

async function* storedEvents(ctx: ServerContext, filter: EventFilter) {
  const { maximum_websocket_backfill: seconds, websocket_backfill_page_size: limit } = ctx.settings.server.events;
  const earliest = addSeconds(ctx.clock.now(), -seconds);
  const asked = filter.occurred?.since;
  const since = asked !== undefined && compareTimestamps(asked, earliest) > 0 ? asked : earliest;
  const clamped = { ...filter, order: "ASC" as const, occurred: { ...filter.occurred, since } };
  let page = await firstEvents(ctx, clamped, limit);
  for (;;) {
    yield* page.events;
    if (page.next === null) return;
    page = await nextEvents(ctx, page.next);
  }
}

function shown(event: NewEvent) {
  const { occurred, event: name, resource, related, payload, id, follows, received } = event;
  return { occurred, event: name, resource, related, payload, id, follows, received };
}
