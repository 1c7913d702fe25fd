import { setTimeout as delay } from "node:timers/promises";

/**
 * Calls `handleSome`, which gives how many rows it handled, until there are none left or the server stops. Rests after
 * each call for as long as it took, so that others get at least half of the database.
 * @returns all rows
 */
export async function inBatches(handleSome: () => Promise<number>, signal?: AbortSignal): Promise<number> {
  for (let total = 0; ; ) {
    const startedMs = performance.now();
    const handled = await handleSome();
    total += handled;
    if (handled === 0 || signal?.aborted) return total;
    await delay(performance.now() - startedMs, undefined, signal && { signal }).catch(() => undefined);
  }
}
