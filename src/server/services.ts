import type { NewEvent } from "../db/repositories/events.ts";
import { type Loop, startLoop } from "../kit/loop.ts";
import type { ServerContext } from "./context.ts";

/** One background service: `tick` does what is due and gives the number of rows it handled. */
export interface Service {
  readonly name: string;
  /** Seconds between ticks, from the settings. */
  intervalSeconds(settings: ServerContext["settings"]): number;
  isEnabled(settings: ServerContext["settings"]): boolean;
  /** Whether these events, just committed by this process, are a reason to run the next tick now. */
  isWokenBy?(ctx: ServerContext, events: readonly NewEvent[]): boolean;
  /** @param signal aborted when the server stops: a long tick ends early then */
  tick(ctx: ServerContext, signal?: AbortSignal): Promise<number>;
}

export interface RunningServices {
  /** Runs the named service's next tick now. Unknown or disabled names are ignored. */
  wake(name: string): void;
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
  const ignore = ctx.bus.subscribe((events) => {
    for (const { name, isWokenBy } of services) if (isWokenBy?.(ctx, events)) loops.get(name)?.wake();
  });
  return {
    wake: (name) => loops.get(name)?.wake(),
    stop: async () => {
      ignore();
      await Promise.all([...loops.values()].map((loop) => loop.stop()));
    },
  };
}
