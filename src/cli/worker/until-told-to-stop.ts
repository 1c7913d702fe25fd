import type { Worker } from "../../workers/worker.ts";
import type { Context } from "../context.ts";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;
/** Longer than a run is given to end by itself. */
const FORCED_MS = 40_000;

/** Drains the worker at the first SIGTERM or Ctrl-C, ends its runs at the second, and this process at the third. */
export async function untilToldToStop(context: Context, worker: Worker): Promise<void> {
  await nextSignal(context);
  context.out.line("Waiting for the flow runs under way. Once more, and they are ended.");
  await drainUntilForced(worker);
}

/** Lets the runs under way end, or ends them at a signal. */
export async function drainUntilForced(worker: Worker): Promise<void> {
  const forced = Promise.withResolvers<void>();
  let isForced = false;
  const onSignal = () => {
    if (isForced) process.exit(1);
    isForced = true;
    setTimeout(() => process.exit(1), FORCED_MS).unref();
    forced.resolve(worker.stop());
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  await Promise.race([worker.drain(), forced.promise]);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

function nextSignal(context: Context): Promise<void> {
  context.leaveSignals();
  return new Promise((resolve) => {
    const onSignal = () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, onSignal);
  });
}
