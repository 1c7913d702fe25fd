import { setTimeout as delay } from "node:timers/promises";
import { systemClock } from "../../../kit/clock.ts";
import type { Context } from "../../context.ts";
import { CommandFailed } from "../../exit.ts";

const FINAL = new Set(["COMPLETED", "FAILED", "CANCELLED", "CRASHED"]);

interface WatchOptions {
  readonly watchInterval: number | undefined;
  readonly watchTimeout: number | undefined;
}

/** Shows a run's states until it ends. Throws CommandFailed unless it was completed in time. */
export async function watchFlowRun(context: Context, flowRunId: string, options: WatchOptions): Promise<void> {
  const { out } = context;
  const { watchInterval = 1, watchTimeout = Number.POSITIVE_INFINITY } = options;
  const client = await context.client();
  const clock = systemClock();
  const deadlineMs = clock.nowMs() + watchTimeout * 1000;
  let shown: string | undefined;
  for (;;) {
    const { state, name } = await client.flowRuns.read(flowRunId);
    if (state !== null && state.id !== shown) out.line(`${state.timestamp} | Flow run '${name}' - ${state.name}`);
    shown = state?.id ?? shown;
    if (state !== null && FINAL.has(state.type)) {
      if (state.type !== "COMPLETED") throw CommandFailed(`Flow run finished in state '${state.name}'.`);
      return out.success(`Flow run finished successfully in '${state.name}'.`);
    }
    if (clock.nowMs() >= deadlineMs) throw CommandFailed(`Flow run did not finish within ${watchTimeout} seconds.`);
    await delay(Math.min(watchInterval * 1000, deadlineMs - clock.nowMs()));
  }
}
