import { setTimeout as delay } from "node:timers/promises";
import { run } from "./runtime/run.ts";

/** Waits; ends early, with the run's reason, when the run is aborted. */
export async function sleep(seconds: number): Promise<void> {
  const { signal } = run;
  if (!signal) {
    await delay(seconds * 1000);
    return;
  }
  await delay(seconds * 1000, undefined, { signal }).catch(() => signal.throwIfAborted());
}
