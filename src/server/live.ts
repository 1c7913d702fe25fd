import type { Database } from "../db/database.ts";
import { findEvents } from "../db/repositories/event-queries.ts";
import type { NewEvent } from "../db/repositories/events.ts";
import { findLogs } from "../db/repositories/logs.ts";
import type { Row } from "../db/tables.ts";
import type { Logger } from "../kit/logger.ts";
import type { EventBus } from "./events/bus.ts";
import { createRelay, type Relay } from "./relay.ts";
import { eventView } from "./views/event.ts";

/** What sockets tell their subscribers, whichever server has written it. */
export interface LiveChannels {
  readonly events: Relay<NewEvent>;
  readonly logs: Relay<Row<"log">>;
  /** `updated:<id>` of a work pool that has changed or gone, `cleanup:<id>` of one whose workers have something to do. */
  readonly pools: Relay<string>;
  close(): Promise<void>;
}

/** Every event of the bus goes to the channels. */
export function createLiveChannels(from: {
  readonly db: Database;
  readonly bus: EventBus;
  readonly log: Logger;
}): LiveChannels {
  const { db, bus, log } = from;
  const shared = { notices: db.notices, log };
  const idOf = ({ id }: { readonly id: string }) => id;
  const events = createRelay<NewEvent>({
    ...shared,
    channel: "prefect_ts_events",
    idOf,
    read: async (ids) => (await findEvents(db.read, ids)).map((row) => eventView(row) as NewEvent),
  });
  const logs = createRelay<Row<"log">>({
    ...shared,
    channel: "prefect_ts_logs",
    idOf,
    read: (ids) => findLogs(db.read, ids),
  });
  const pools = createRelay<string>({
    ...shared,
    channel: "prefect_ts_pools",
    idOf: (id) => id,
    read: async (ids) => ids,
  });
  bus.subscribe(events.publish);
  return {
    events,
    logs,
    pools,
    async close() {
      await Promise.all([events.close(), logs.close(), pools.close()]);
    },
  };
}
