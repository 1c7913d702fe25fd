import { ApiNotFound } from "../client/index.ts";
import { createLogShipper } from "../client/log-shipper.ts";
import { eventsIn } from "../client/sockets/events-in.ts";
import { watchEvents } from "../client/sockets/watch-events.ts";
import { type Runner, type RunnerOptions, startRunner } from "../runner/runner.ts";
import { reportCrash } from "../runner/supervise-flow-run.ts";
import type { FlowRunResponse as FlowRun } from "../schemas/flow-run.ts";
import type { Settings } from "../settings/index.ts";
import { type CarryOutOptions, carryOutFlowRun } from "./carry-out-flow-run.ts";
import type { WorkerContext } from "./context.ts";
import { keepSynced, type SyncedPool } from "./keep-synced.ts";
import { type LedgerOwner, openLedger, takeAbandonedRuns } from "./run-ledger.ts";
import type { PoolWish } from "./sync-work-pool.ts";
import { emitWorkerEvent } from "./worker-events.ts";

export interface WorkerOptions
  extends Pick<WorkerContext, "client" | "clock" | "ids" | "log" | "identity">,
    CarryOutOptions {
  readonly settings: Settings;
  readonly wish: PoolWish;
  /** Names of queues to take runs from; all of the pool when there is none. */
  readonly queues: readonly string[];
  /** Most runs at once. @default no limit */
  readonly limit?: number | undefined;
  readonly prefetchSeconds: number;
  /** Where the worker notes its runs, to find them should it be killed. */
  readonly ledger: LedgerOwner;
}

/** Carries out the runs of a work pool. */
export interface Worker {
  /** Resolves when it has looked for runs once, and taken those that were due; also when it could not look. */
  readonly looked: Promise<void>;
  /** Whether it has asked the API for runs lately. */
  isHealthy(): boolean;
  /** Takes no more runs and lets those under way end. Idempotent. */
  drain(): Promise<void>;
  /** Takes no more runs and ends those under way, also while it drains. Idempotent. */
  stop(): Promise<void>;
}

/** A worker that has not asked for runs in so many of its intervals is taken to hang. */
const MISSED_POLLS = 30;
const LAST_EVENTS_MS = 5_000;

/** Not AwaitingConcurrencySlot: to look at once would be to ask for the slot again and again. */
const STATES_TO_LOOK_AT = ["Scheduled", "Late", "AwaitingRetry", "Resuming"];
const CANCELLING = "prefect.flow-run.Cancelling";

/** Starts taking runs. An API that is away is waited for, now and later. */
export function startWorker(options: WorkerOptions): Worker {
  const { client, clock, log, settings } = options;
  const synced = keepSynced({ ...options, heartbeatSeconds: settings.worker.heartbeat_seconds });
  const ctx = contextOf(options, synced);
  const ledger = openLedger(options.ledger, log);
  const { promise: looked, resolve: onLooked } = Promise.withResolvers<void>();
  let lookedMs = clock.nowMs();
  const runner = startRunner({
    client,
    clock,
    log,
    limit: options.limit,
    pollSeconds: settings.worker.query_seconds,
    lookaheadSeconds: options.prefetchSeconds,
    // Prefetching is for being ready in time; the engine waits for what is left.
    headStartSeconds: options.prefetchSeconds,
    async findDue(query) {
      await synced.tried;
      const due = synced.current ? await findDue(options, query) : [];
      lookedMs = clock.nowMs();
      return due;
    },
    onLooked,
    async execute(run, stop) {
      using _noted = ledger.note(run.id);
      await carryOutFlowRun(ctx, options, { run, stop });
    },
  });
  const abandoning = new AbortController();
  const crashing = crashAbandonedRuns(options, abandoning.signal);
  const waking = wakeOnEvents(options, runner);
  // Not before the pool is known: the event tells of it.
  const starting = synced.tried.then(() => emitWorkerEvent(ctx, "started"));
  let closing: Promise<void> | undefined;
  const close = async () => {
    abandoning.abort();
    await Promise.all([waking[Symbol.asyncDispose](), synced[Symbol.asyncDispose](), crashing]);
    ledger[Symbol.dispose]();
    emitWorkerEvent(ctx, "stopped", await starting);
    await Promise.all([ctx.runLogs.flush(), ctx.events.drain(LAST_EVENTS_MS)]);
    await ctx.events[Symbol.asyncDispose]();
  };
  const closeAfter = async (end: Promise<void>) => {
    await end;
    closing ??= close();
    await closing;
  };
  return {
    looked,
    isHealthy: () => clock.nowMs() - lookedMs <= settings.worker.query_seconds * MISSED_POLLS * 1000,
    drain: () => closeAfter(runner.drain()),
    stop: () => closeAfter(runner.stop("stopped")),
  };
}

function contextOf(options: WorkerOptions, synced: SyncedPool): WorkerContext {
  const { client, clock, ids, log, identity, settings } = options;
  const { batch_interval, batch_size, max_log_size } = settings.logging.to_api;
  const runLogs = createLogShipper({
    send: (records) => client.logs.create(records),
    onError: (error) => log.warn({ err: error }, "Logs could not be sent to the API"),
    intervalMs: batch_interval * 1000,
    maxBatchBytes: batch_size,
    maxLogBytes: max_log_size,
  });
  return { client, clock, ids, log, identity, runLogs, events: eventsIn(client, log), pool: () => synced.current };
}

/** Says of the runs of workers that were killed here what they could not say themselves. */
async function crashAbandonedRuns({ client, log, ledger }: WorkerOptions, stop: AbortSignal): Promise<void> {
  try {
    for (const id of takeAbandonedRuns(ledger)) {
      await reportCrash(client, { id, message: "The worker that carried the flow run out was killed." }, stop);
    }
  } catch (error) {
    if (!stop.aborted) log.error({ err: error }, "The runs of a killed worker could not be reported as crashed");
  }
}

async function findDue(
  { client, wish, queues }: WorkerOptions,
  { before, limit }: Parameters<RunnerOptions["findDue"]>[0],
): Promise<readonly FlowRun[]> {
  const ofQueues = queues.length === 0 ? {} : { work_queue_names: queues };
  try {
    const due = await client.workPools.getScheduledFlowRuns(wish.name, {
      ...ofQueues,
      scheduled_before: before,
      limit,
    });
    return due.map(({ flow_run }) => flow_run);
  } catch (error) {
    // The pool is gone, or a queue is not there yet.
    if (ApiNotFound.is(error)) return [];
    throw error;
  }
}

/** Looks at once when the API tells of something; asking now and then remains, for what was not told. */
function wakeOnEvents({ client, wish }: WorkerOptions, runner: Runner): AsyncDisposable {
  return watchEvents(client, {
    filter: {
      event: { name: [...STATES_TO_LOOK_AT.map((name) => `prefect.flow-run.${name}`), CANCELLING] },
      related: { labels: { "prefect.resource.role": "work-pool", "prefect.resource.name": wish.name } },
    },
    onEvent: ({ event }) => (event === CANCELLING ? runner.checkCancellations() : runner.poll()),
    onOpen: () => {
      runner.poll();
      runner.checkCancellations();
    },
  });
}
