import { setTimeout as delay } from "node:timers/promises";

/** Waits `ms`, or throws the signal's reason as soon as it is aborted. */
export async function delayUnlessAborted(ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) {
    await delay(ms);
    return;
  }
  signal.throwIfAborted();
  await delay(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}
