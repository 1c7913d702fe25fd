import type { RawData, WebSocket } from "ws";
import { addSeconds, compareTimestamps } from "../../kit/timestamp.ts";
import { EventFilter } from "../../schemas/filters/event-filter.ts";
import type { ServerContext } from "../context.ts";
import { createEventStream, earliestTold } from "./event-stream.ts";
import { createOutbox } from "./outbox.ts";
import { readStreamRequest, type StreamRequest } from "./stream-request.ts";

const PROTOCOL_ERROR = 1002;
const INTERNAL_ERROR = 1011;
/** Events may be stored this much later than they say they took place. */
const LATE_SECONDS = 30;

/**
 * `/events/out`: the first message is `{"type": "filter", "filter", "backfill"}`; the answer is the stored events that
 * match it, oldest first, then each new one as it is stored, as `{"type": "event", "event"}`. A slow reader is told
 * later; when it is so slow that events are older than any look back, `dropped` of the next frame says how many.
 */
export function serveEventsOut(ctx: ServerContext, socket: WebSocket): undefined {
  socket.once("message", (data: RawData) => {
    const request = readStreamRequest(String(data), EventFilter);
    if (typeof request === "string") return socket.close(PROTOCOL_ERROR, request);
    stream(ctx, socket, request);
  });
}

/** Listens first and looks back second, so that nothing is missed in between. */
function stream(ctx: ServerContext, socket: WebSocket, { filter, backfill }: StreamRequest<EventFilter>): void {
  // The client connects again and is told what it missed.
  const onFailure = (error: unknown) => {
    ctx.log.error({ err: error }, "events could not be streamed");
    socket.close(INTERNAL_ERROR);
  };
  const { offer, lookBack } = createEventStream(ctx, createOutbox(socket), { filter, onFailure });
  const start = backfill ? addSeconds(ctx.clock.now(), -LATE_SECONDS) : ctx.clock.now();
  const onGap = (seconds: number) => {
    const since = addSeconds(ctx.clock.now(), -seconds - LATE_SECONDS);
    lookBack(compareTimestamps(since, start) > 0 ? since : start);
  };
  if (ctx.settings.server.events.stream_out_enabled) {
    const unsubscribe = ctx.live.events.subscribe({ onItems: offer, onGap });
    socket.once("close", unsubscribe);
  }
  if (backfill) lookBack(earliestTold(ctx));
}
