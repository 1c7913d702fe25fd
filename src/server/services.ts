import type { NewEvent } from "../db/repositories/events.ts";
import { type Loop, startLoop } from "../kit/loop.ts";
import type { ServerContext } from "./context.ts";

/** One background service: `tick` does what is due and gives the number of rows it handled. */
export interface Service {
  readonly name: string;
  /** What it does, in a sentence for those who list the services. */
  readonly summary: string;
  /** The environment variable that switches it; undefined for those that always run. */
  readonly variable: string | undefined;
  /** Seconds between ticks, from the settings. */
  intervalSeconds(settings: ServerContext["settings"]): number;
  isEnabled(settings: ServerContext["settings"]): boolean;
  /** Whether these events, just committed by this process, are a reason to run the next tick now. */
  isWokenBy?(ctx: ServerContext, events: readonly NewEvent[]): boolean;
  /** @param signal aborted when the server stops: a long tick ends early then */
  tick(ctx: ServerContext, signal?: AbortSignal): Promise<number>;
}

export interface RunningServices {
  stop(): Promise<void>;
}

/** Starts the enabled services, each in its own loop. */
export function startServices(ctx: ServerContext, services: readonly Service[]): RunningServices {
  const loops = new Map<string, Loop>();
  for (const service of services) {
    if (!service.isEnabled(ctx.settings)) continue;
    const intervalMs = service.intervalSeconds(ctx.settings) * 1000;
    const options = { name: service.name, intervalMs, log: ctx.log, jitter: 0.1 };
    loops.set(
      service.name,
      startLoop(options, (signal) => service.tick(ctx, signal)),
    );
  }
  const wake = (events: readonly NewEvent[]) => {
    for (const { name, isWokenBy } of services) if (isWokenBy?.(ctx, events)) loops.get(name)?.wake();
  };
  const listeners = ctx.settings.server.services.event_logger.enabled ? [wake, logEvents(ctx)] : [wake];
  const subscriptions = listeners.map((listener) => ctx.bus.subscribe(listener));
  return {
    stop: async () => {
      for (const end of subscriptions) end();
      await Promise.all([...loops.values()].map((loop) => loop.stop()));
    },
  };
}

/** Logs the events that this process has stored. */
function logEvents({ log }: ServerContext): (events: readonly NewEvent[]) => void {
  return (events) => {
    for (const { id, event, occurred, resource } of events) log.info({ id, event, occurred, resource }, "event");
  };
}
