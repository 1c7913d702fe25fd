import type { RawData, WebSocket } from "ws";
import { parseJson } from "../../kit/json.ts";
import { Event } from "../../schemas/event.ts";
import type { ServerContext } from "../context.ts";
import { isUnavailable } from "../events/ingest.ts";

/** Unstored events, of everyone, at which a sender is made to wait; and unstored characters of its own. */
const PAUSE_ABOVE_EVENTS = 5_000;
const PAUSE_ABOVE_CHARACTERS = 8 * 1024 * 1024;
const TRY_AGAIN_LATER = 1013;

/**
 * `/events/in`: every text frame is one event, or an array of events. There are no answers: a client pings, and takes
 * the pong as proof that everything before was taken in, so pongs wait for the commit. When the database is away the
 * socket is closed: the client connects again and sends what it has no proof of.
 */
export function serveEventsIn(ctx: ServerContext, socket: WebSocket): () => Promise<void> {
  let stored: Promise<void> = Promise.resolve();
  let unstoredCharacters = 0;

  const store = async (events: readonly Event[], characters: number) => {
    unstoredCharacters += characters;
    try {
      await ctx.ingest.add(events);
    } catch (error) {
      ctx.log.error({ err: error, events: events.length }, "events could not be stored");
      if (isUnavailable(error)) socket.close(TRY_AGAIN_LATER, "The database is not available");
    } finally {
      unstoredCharacters -= characters;
    }
  };
  socket.on("message", (data: RawData) => {
    const text = String(data);
    const events = readEvents(ctx, text);
    if (events.length === 0) return;
    const before = stored;
    const mine = store(events, text.length);
    stored = before.then(() => mine);
    const isTooMuch = ctx.ingest.backlog > PAUSE_ABOVE_EVENTS || unstoredCharacters > PAUSE_ABOVE_CHARACTERS;
    if (isTooMuch && !socket.isPaused) {
      socket.pause();
      void mine.then(() => socket.resume());
    }
  });
  return () => stored;
}

/** An event that does not parse is dropped and logged: closing the socket would make its client send it again, forever. */
function readEvents(ctx: ServerContext, text: string): Event[] {
  const events: Event[] = [];
  for (const input of parseFrame(ctx, text)) {
    const result = parseEvent(input);
    if (result.ok) events.push(result.value);
    else ctx.log.warn({ issues: result.errors.slice(0, 3) }, "an event was dropped: it is not valid");
  }
  return events;
}

function parseEvent(input: unknown): ReturnType<typeof Event.parse> {
  try {
    return Event.parse(input);
  } catch (error) {
    // Nesting deeper than the stack.
    return { ok: false, errors: [{ type: "recursion", loc: [], msg: String(error), input: null }] };
  }
}

function parseFrame(ctx: ServerContext, text: string): readonly unknown[] {
  try {
    const frame = parseJson(text);
    return Array.isArray(frame) ? frame : [frame];
  } catch {
    ctx.log.warn({}, "a frame was dropped: it is not JSON");
    return [];
  }
}
