import type { Logger } from "../../kit/logger.ts";
import { type Client, clientHeaders } from "../client.ts";
import { openEventConnection } from "./event-connection.ts";
import { createEventSender, type EventSender } from "./event-sender.ts";

/** Sends events to the client's API: over one web socket, or over HTTP while that cannot be had. */
export function eventsIn(client: Client, log: Logger): EventSender {
  const { options, http } = client;
  return createEventSender({
    log,
    connect: () =>
      openEventConnection({
        apiUrl: http.apiUrl,
        token: options.authString ?? options.apiKey ?? null,
        headers: clientHeaders(options),
        openTimeoutMs: 10_000,
        insecureTls: options.insecureTls ?? false,
        caCertificates: options.caCertificates,
      }),
    post: (batch) => client.events.create(batch),
  });
}
