import type { Client } from "../client/client.ts";
import type { LogShipper } from "../client/log-shipper.ts";
import type { EventSender } from "../client/sockets/event-sender.ts";
import type { Clock } from "../kit/clock.ts";
import type { Ids } from "../kit/ids.ts";
import type { Logger } from "../kit/logger.ts";
import type { WorkPoolResponse as WorkPool } from "../schemas/work-pool.ts";

/** What the parts of a worker are given. */
export interface WorkerContext {
  readonly client: Client;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly events: EventSender;
  /** Logs that belong to runs. */
  readonly runLogs: LogShipper;
  /** What the worker says of itself. */
  readonly log: Logger;
  readonly identity: WorkerIdentity;
  /** The pool as it was read last; undefined until it has been. */
  readonly pool: () => WorkPool | undefined;
}

export interface WorkerIdentity {
  readonly name: string;
  /** The type of pool it works for, such as `process`. */
  readonly type: string;
}
