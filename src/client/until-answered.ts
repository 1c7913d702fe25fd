import { setTimeout as delay } from "node:timers/promises";
import { ApiUnreachable, apiStatus } from "./errors.ts";

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;

/** Calls until the API answers, however long it is away; passes on what it answers, refusals of the caller's included. */
export async function untilAnswered<Result>(
  call: () => Promise<Result>,
  signal?: AbortSignal | undefined,
): Promise<Result> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
    try {
      return await call();
    } catch (error) {
      if (!isPassing(error) || signal?.aborted) throw error;
    }
    await delay(pauseMs, undefined, signal ? { signal } : {});
  }
}

/** Whether an error says that the API is away or unwell, and not that it refused. */
export function isPassing(error: unknown): boolean {
  return ApiUnreachable.is(error) || (apiStatus(error) ?? 0) >= 500;
}
