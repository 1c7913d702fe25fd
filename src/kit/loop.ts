import type { Logger } from "./logger.ts";

const MAX_BACKOFF_MS = 60_000;

export interface Loop {
  /** Runs the next tick now instead of at its time; a tick under way is followed by another. */
  wake(): void;
  /** Lets the tick under way end, starts no other. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Calls `tick` again and again, `intervalMs` apart, until stopped. A tick that throws is logged and tried again after a
 * pause that doubles up to a minute; it never ends the loop.
 */
export function startLoop(
  options: { readonly name: string; readonly intervalMs: number; readonly log: Logger; readonly jitter?: number },
  tick: (signal: AbortSignal) => Promise<unknown>,
): Loop {
  const { name, intervalMs, log, jitter = 0 } = options;
  const stopping = new AbortController();
  let endSleep: () => void = () => undefined;
  let isWoken = false;
  let failures = 0;

  const runTick = async () => {
    try {
      await tick(stopping.signal);
      failures = 0;
    } catch (error) {
      if (stopping.signal.aborted) return;
      failures += 1;
      log.error({ err: error, service: name, failures }, "service failed; it will be tried again");
    }
  };
  const sleep = async () => {
    const backoff = failures === 0 ? intervalMs : Math.min(intervalMs * 2 ** failures, MAX_BACKOFF_MS);
    const spread = 1 + (Math.random() * 2 - 1) * jitter;
    if (!isWoken && !stopping.signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, backoff * spread);
        endSleep = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    isWoken = false;
  };
  const run = async () => {
    while (!stopping.signal.aborted) {
      await runTick();
      await sleep();
    }
  };
  const running = run();

  return {
    wake() {
      isWoken = true;
      endSleep();
    },
    async stop() {
      stopping.abort();
      endSleep();
      await running;
    },
  };
}
