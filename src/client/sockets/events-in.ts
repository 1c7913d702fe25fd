import type { Logger } from "../../kit/logger.ts";
import type { Client } from "../client.ts";
import { socketOptions } from "./authenticated-socket.ts";
import { openEventConnection } from "./event-connection.ts";
import { createEventSender, type EventSender } from "./event-sender.ts";

/** Sends events to the client's API: over one web socket, or over HTTP while that cannot be had. */
export function eventsIn(client: Client, log: Logger): EventSender {
  return createEventSender({
    log,
    connect: () => openEventConnection(socketOptions(client)),
    post: (batch) => client.events.create(batch),
  });
}
