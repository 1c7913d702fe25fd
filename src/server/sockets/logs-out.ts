import type { RawData, WebSocket } from "ws";
import { matchesLog } from "../../domain/logs/match-log.ts";
import { LogFilter } from "../../schemas/filters/log-filter.ts";
import type { ServerContext } from "../context.ts";
import { createOutbox } from "./outbox.ts";
import { readStreamRequest } from "./stream-request.ts";

const PROTOCOL_ERROR = 1002;

/**
 * `/logs/out`: the first message is `{"type": "filter", "filter"}`; from then on each log that matches is told as it is
 * stored, as `{"type": "log", "log"}`. What a slow reader could not be told is counted in `dropped` of the next frame.
 * Silent unless the settings turn the stream on.
 */
export function serveLogsOut(ctx: ServerContext, socket: WebSocket): undefined {
  socket.once("message", (data: RawData) => {
    const request = readStreamRequest(String(data), LogFilter);
    if (typeof request === "string") return socket.close(PROTOCOL_ERROR, request);
    if (ctx.settings.server.logs.stream_out_enabled) stream(ctx, socket, request.filter);
  });
}

function stream(ctx: ServerContext, socket: WebSocket, filter: LogFilter): void {
  const outbox = createOutbox(socket);
  let dropped = 0;
  const unsubscribe = ctx.live.logs.subscribe({
    onItems(logs) {
      for (const log of logs) {
        if (!matchesLog(filter, log)) continue;
        if (outbox.isFull) {
          dropped += 1;
          continue;
        }
        outbox.send({ type: "log", log, ...(dropped > 0 ? { dropped } : {}) });
        dropped = 0;
      }
    },
  });
  socket.once("close", unsubscribe);
}
