import type { Database } from "../db/database.ts";
import type { Clock } from "../kit/clock.ts";
import type { Ids } from "../kit/ids.ts";
import type { Logger } from "../kit/logger.ts";
import type { Settings } from "../settings/index.ts";
import type { WatchedAutomations } from "./automations/watched.ts";
import type { BackgroundTasks } from "./background-tasks.ts";
import type { EventBus } from "./events/bus.ts";
import type { EventIngest } from "./events/ingest.ts";
import type { LiveChannels } from "./live.ts";

/** What every route, service and socket is given; made once at start. */
export interface ServerContext {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly bus: EventBus;
  readonly ingest: EventIngest;
  /** To subscribers of this server and of others. */
  readonly live: LiveChannels;
  readonly automations: WatchedAutomations;
  readonly backgroundTasks: BackgroundTasks;
  readonly settings: Settings;
  readonly log: Logger;
}
