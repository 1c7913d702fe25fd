import type { RawData, WebSocket } from "ws";
import { parseJson } from "../../kit/json.ts";
import { Event } from "../../schemas/event.ts";
import type { ServerContext } from "../context.ts";

/** Unstored events at which a sender is made to wait, so that memory stays bounded. */
const PAUSE_ABOVE = 5_000;

/**
 * `/events/in`: every text frame is one event, or an array of events. There are no answers: a client pings, and takes
 * the pong as proof that everything before was taken in, so pongs wait for the commit.
 */
export function serveEventsIn(ctx: ServerContext, socket: WebSocket): () => Promise<void> {
  let stored: Promise<void> = Promise.resolve();

  socket.on("message", (data: RawData) => {
    const events = readEvents(ctx, data);
    if (events.length === 0) return;
    const before = stored;
    const mine = ctx.ingest.add(events).catch((error: unknown) => {
      ctx.log.error({ err: error, events: events.length }, "events could not be stored");
    });
    stored = before.then(() => mine);
    if (ctx.ingest.backlog > PAUSE_ABOVE && !socket.isPaused) {
      socket.pause();
      void mine.then(() => socket.resume());
    }
  });
  return () => stored;
}

/** An event that does not parse is dropped and logged: closing the socket would make its client send it again, forever. */
function readEvents(ctx: ServerContext, data: RawData): Event[] {
  const events: Event[] = [];
  for (const input of parseFrame(ctx, data)) {
    const result = Event.parse(input);
    if (result.ok) events.push(result.value);
    else ctx.log.warn({ issues: result.errors.slice(0, 3) }, "an event was dropped: it is not valid");
  }
  return events;
}

function parseFrame(ctx: ServerContext, data: RawData): readonly unknown[] {
  try {
    const frame = parseJson(String(data));
    return Array.isArray(frame) ? frame : [frame];
  } catch {
    ctx.log.warn({}, "a frame was dropped: it is not JSON");
    return [];
  }
}
