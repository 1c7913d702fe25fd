import { type Client, createClient } from "../../client/client.ts";
import { createLogShipper, type LogShipper } from "../../client/log-shipper.ts";
import type { EventSender } from "../../client/sockets/event-sender.ts";
import { eventsIn } from "../../client/sockets/events-in.ts";
import type { Logger } from "../../kit/logger.ts";
import { shownUrl } from "../../kit/shown-url.ts";
import type { Settings } from "../../settings/index.ts";
import { clientOptions } from "./sdk-settings.ts";

/** A connection to one API, shared by the runs of this process. */
export interface Session extends AsyncDisposable {
  readonly settings: Settings;
  readonly client: Client;
  readonly events: EventSender;
  readonly logs: LogShipper;
  /** Sets of tags on which the API knew no limit, with the `performance.now()` until which to believe it. */
  readonly unlimitedTags: Map<string, number>;
  /** Delivers all logs and events so far; what the API does not take in time is reported on stderr. */
  flush(): Promise<void>;
}

export interface SessionOptions {
  readonly settings: Settings;
  readonly apiUrl: string;
  /** For problems of the connection itself, which cannot be shipped. */
  readonly log: Logger;
}

const FLUSH_LOGS_MS = 5_000;
const DRAIN_EVENTS_MS = 20_000;

/** Connects lazily: nothing is sent until a run needs it. */
export function openSession({ settings, apiUrl, log }: SessionOptions): Session {
  const client = createClient(clientOptions(settings, apiUrl));
  const events = eventsIn(client, log);
  const logs = createLogShipper({
    send: (records) => client.logs.create(records),
    onError: (error) => log.warn({ err: error }, "Logs could not be sent to the API"),
    intervalMs: settings.logging.to_api.batch_interval * 1000,
    maxBatchBytes: settings.logging.to_api.batch_size,
    maxLogBytes: settings.logging.to_api.max_log_size,
  });
  return {
    settings,
    client,
    events,
    logs,
    unlimitedTags: new Map(),
    flush: async () => {
      const [, areEventsDelivered] = await Promise.all([
        within(logs.flush(), FLUSH_LOGS_MS),
        events.drain(DRAIN_EVENTS_MS),
      ]);
      if (!areEventsDelivered)
        log.error({ apiUrl: shownUrl(apiUrl) }, "Events could not be delivered; task runs may be missing");
    },
    [Symbol.asyncDispose]: async () => {
      await events[Symbol.asyncDispose]();
      client[Symbol.dispose]();
    },
  };
}

async function within(work: Promise<void>, deadlineMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, deadlineMs);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
