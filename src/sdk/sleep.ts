import { delayUnlessAborted } from "./delay.ts";
import { run } from "./runtime/run.ts";

/** Waits; ends early, with the run's reason, when the run is aborted. */
export async function sleep(seconds: number): Promise<void> {
  await delayUnlessAborted(seconds * 1000, run.signal);
}
