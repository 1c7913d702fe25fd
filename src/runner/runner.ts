import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "../client/client.ts";
import type { Clock } from "../kit/clock.ts";
import type { Logger } from "../kit/logger.ts";
import { type Loop, startLoop } from "../kit/loop.ts";
import { addSeconds, type Timestamp, timestampToMs } from "../kit/timestamp.ts";
import type { FlowRunResponse as FlowRun } from "../schemas/flow-run.ts";
import { claimFlowRun } from "./claim-flow-run.ts";

/** Why a run is ended from outside: it is no longer wanted, or its runner stops. */
export type StopReason = "cancelled" | "stopped";

export interface RunnerOptions {
  readonly client: Client;
  readonly clock: Clock;
  /** Runs that are due until `before`. */
  readonly findDue: (query: { readonly before: Timestamp; readonly limit: number }) => Promise<readonly FlowRun[]>;
  /** Carries a claimed run out; resolves when it has ended. Its signal is aborted, with a StopReason, to end it early. */
  readonly execute: (run: FlowRun, stop: AbortSignal) => Promise<void>;
  readonly log: Logger;
  /** Told after each look for due runs, also one that failed. */
  readonly onLooked?: () => void;
  /** Most runs at once. @default no limit */
  readonly limit?: number | undefined;
  /** @default 10 */
  readonly pollSeconds?: number;
  /** How far ahead of their time runs are taken. @default 10 */
  readonly lookaheadSeconds?: number;
  /** How long before its time a run is claimed and handed on; starting the code takes a moment. @default 0.5 */
  readonly headStartSeconds?: number;
}

/** Takes due runs and carries them out. */
export interface Runner extends AsyncDisposable {
  /** Looks for due runs now. */
  poll(): void;
  /** Looks now whether a run under way is to be cancelled. */
  checkCancellations(): void;
  /** Ids of the runs under way. */
  readonly active: ReadonlySet<string>;
  /** Takes no more runs and lets those under way end. Idempotent. */
  drain(): Promise<void>;
  /** Takes no more runs and ends those under way for that reason. Idempotent. */
  stop(reason?: StopReason): Promise<void>;
}

interface ActiveRun {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

const WATCH_MS = 2_000;
const JITTER = 0.3;
const UNLIMITED_BATCH = 100;

export function startRunner(options: RunnerOptions): Runner {
  const active = new Map<string, ActiveRun>();
  const { log, pollSeconds = 10 } = options;

  const start = (run: FlowRun) => {
    const controller = new AbortController();
    const ended = carryOut(options, run, controller.signal)
      .catch((error: unknown) => log.error({ err: error, flowRunId: run.id }, "A flow run could not be carried out"))
      .finally(() => {
        active.delete(run.id);
        polling.wake();
      });
    active.set(run.id, { controller, ended });
  };
  const loop = (name: string, intervalMs: number, tick: () => Promise<void>): Loop =>
    startLoop({ name, intervalMs, log, jitter: JITTER }, tick);
  const polling = loop("runner", pollSeconds * 1000, () => takeDueRuns(options, active, start));
  const watching = loop("cancellations", WATCH_MS, () => cancelAskedFor(options, active));

  const drain = async () => {
    await polling.stop();
    await Promise.all([...active.values()].map((run) => run.ended));
    await watching.stop();
  };
  const stop = async (reason: StopReason = "cancelled") => {
    // A look under way may still take runs; they are ended with the others.
    await polling.stop();
    for (const { controller } of active.values()) controller.abort(reason);
    await drain();
  };
  return {
    poll: () => polling.wake(),
    checkCancellations: () => watching.wake(),
    get active() {
      return new Set(active.keys());
    },
    drain,
    stop,
    [Symbol.asyncDispose]: () => stop(),
  };
}

async function takeDueRuns(
  { clock, findDue, onLooked, limit, lookaheadSeconds = 10 }: RunnerOptions,
  active: ReadonlyMap<string, ActiveRun>,
  start: (run: FlowRun) => void,
): Promise<void> {
  const free = limit === undefined ? UNLIMITED_BATCH : Math.max(0, limit - active.size);
  // Also with no place free: the API takes who does not ask for gone.
  try {
    const due = await findDue({
      before: addSeconds(clock.now(), lookaheadSeconds),
      limit: Math.max(1, Math.min(free + active.size, UNLIMITED_BATCH)),
    });
    const fresh = due.filter((run) => !active.has(run.id));
    const byTime = fresh.toSorted((a, b) => timeOf(a) - timeOf(b));
    for (const run of byTime.slice(0, free)) start(run);
  } finally {
    onLooked?.();
  }
}

async function carryOut(options: RunnerOptions, run: FlowRun, signal: AbortSignal): Promise<void> {
  const { client, clock, headStartSeconds = 0.5 } = options;
  const waitMs = timeOf(run) - clock.nowMs() - headStartSeconds * 1000;
  if (waitMs > 0) await delay(waitMs, undefined, { signal }).catch(() => undefined);
  // A run that has not begun belongs to nobody: another runner may take it.
  if (signal.aborted) return;
  const claimed = await claimFlowRun(client, run);
  if (claimed) await options.execute(claimed, signal);
}

async function cancelAskedFor({ client }: RunnerOptions, active: ReadonlyMap<string, ActiveRun>): Promise<void> {
  if (active.size === 0) return;
  const asked = await client.flowRuns.list({
    flow_runs: { id: { any_: [...active.keys()] }, state: { type: { any_: ["CANCELLING", "CANCELLED"] } } },
  });
  for (const { id, state_type, start_time } of asked) {
    // A run that has started says itself that it is CANCELLED, and then has its hooks to run.
    if (state_type === "CANCELLED" && start_time !== null) continue;
    active.get(id)?.controller.abort("cancelled" satisfies StopReason);
  }
}

function timeOf(run: FlowRun): number {
  const time = run.next_scheduled_start_time ?? run.expected_start_time;
  return time === null ? 0 : timestampToMs(time);
}
