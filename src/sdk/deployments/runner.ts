import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "../../client/client.ts";
import type { Logger } from "../../kit/logger.ts";
import { type Loop, startLoop } from "../../kit/loop.ts";
import { addSeconds, timestampToMs } from "../../kit/timestamp.ts";
import type { FlowRunResponse as FlowRun } from "../../schemas/flow-run.ts";
import { RunCancelled } from "../errors.ts";
import { clock } from "../now.ts";
import { claimFlowRun } from "./claim-flow-run.ts";

export interface RunnerOptions {
  readonly client: Client;
  /** The deployments to look after; read at every poll, so it may grow. */
  readonly deploymentIds: ReadonlySet<string>;
  /** Carries a run out; resolves when it has ended. Its signal is aborted when the run is to be cancelled. */
  readonly execute: (run: FlowRun, signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
  /** Most runs at once. @default no limit */
  readonly limit?: number | undefined;
  /** @default 10 */
  readonly pollSeconds?: number;
  /** How far ahead of their time runs are taken. @default 10 */
  readonly lookaheadSeconds?: number;
}

/** Takes due runs of its deployments and carries them out. */
export interface Runner extends AsyncDisposable {
  /** Looks for due runs now. */
  poll(): void;
  /** Ids of the runs under way. */
  readonly active: ReadonlySet<string>;
  /** Takes no more runs and cancels those under way. Idempotent. */
  stop(): Promise<void>;
}

interface ActiveRun {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

const WATCH_MS = 2_000;
// Starting the code takes a moment, so a run is handed on a little before its time; the engine waits for the rest.
const HEAD_START_MS = 500;
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
  const loops: { name: string; intervalMs: number; tick: () => Promise<void> }[] = [
    { name: "runner", intervalMs: pollSeconds * 1000, tick: () => takeDueRuns(options, active, start) },
    { name: "cancellations", intervalMs: WATCH_MS, tick: () => cancelAskedFor(options, active) },
  ];
  const [polling, watching] = loops.map(({ tick, ...loop }) => startLoop({ ...loop, log, jitter: JITTER }, tick)) as [
    Loop,
    Loop,
  ];

  const stop = async () => {
    await Promise.all([polling.stop(), watching.stop()]);
    const ending = [...active.values()];
    for (const { controller } of ending) controller.abort(RunCancelled("The runner was stopped."));
    await Promise.all(ending.map((run) => run.ended));
  };
  return {
    poll: () => polling.wake(),
    get active() {
      return new Set(active.keys());
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function takeDueRuns(
  { client, deploymentIds, limit, lookaheadSeconds = 10 }: RunnerOptions,
  active: ReadonlyMap<string, ActiveRun>,
  start: (run: FlowRun) => void,
): Promise<void> {
  const free = limit === undefined ? UNLIMITED_BATCH : limit - active.size;
  if (deploymentIds.size === 0 || free <= 0) return;
  const due = await client.deployments.getScheduledFlowRuns({
    deployment_ids: [...deploymentIds],
    scheduled_before: addSeconds(clock.now(), lookaheadSeconds),
    limit: Math.min(free + active.size, UNLIMITED_BATCH),
  });
  const fresh = due.filter((run) => !active.has(run.id));
  const byTime = fresh.toSorted((a, b) => timeOf(a) - timeOf(b));
  for (const run of byTime.slice(0, free)) start(run);
}

async function carryOut(options: RunnerOptions, run: FlowRun, signal: AbortSignal): Promise<void> {
  const waitMs = timeOf(run) - clock.nowMs() - HEAD_START_MS;
  if (waitMs > 0) await delay(waitMs, undefined, { signal }).catch(() => undefined);
  // A run that has not begun belongs to nobody: another runner may take it.
  if (signal.aborted) return;
  const claimed = await claimFlowRun(options.client, run);
  if (claimed) await options.execute(claimed, signal);
}

async function cancelAskedFor({ client }: RunnerOptions, active: ReadonlyMap<string, ActiveRun>): Promise<void> {
  if (active.size === 0) return;
  const asked = await client.flowRuns.list({
    flow_runs: { id: { any_: [...active.keys()] }, state: { type: { any_: ["CANCELLING"] } } },
  });
  for (const { id } of asked) active.get(id)?.controller.abort(RunCancelled("Flow run was cancelled."));
}

function timeOf(run: FlowRun): number {
  const time = run.next_scheduled_start_time ?? run.expected_start_time;
  return time === null ? 0 : timestampToMs(time);
}
