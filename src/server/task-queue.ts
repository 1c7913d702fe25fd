import {
  type Claim,
  claimBackgroundTask,
  giveBackClaim,
  hasBackgroundTask,
  renewClaim,
  settleClaim,
} from "../db/repositories/background-tasks.ts";
import { findTaskRun } from "../db/repositories/task-runs.ts";
import {
  forgetTaskWorker,
  forgetTaskWorkersBefore,
  listTaskWorkers,
  observeTaskWorker,
} from "../db/repositories/task-workers.ts";
import { parseJson } from "../kit/json.ts";
import { addSeconds, type Timestamp } from "../kit/timestamp.ts";
import type { ServerContext } from "./context.ts";
import { taskRunView } from "./views/task-run.ts";

/** After a server has gone without a word others hand out what it had claimed. */
const CLAIM_SECONDS = 30;
export const RENEW_EVERY_MS = 10_000;
/** How often a server looks for what another one has enqueued. */
const LOOK_EVERY_MS = 1000;
const OBSERVE_EVERY_SECONDS = 10;
const WORKER_GONE_AFTER_SECONDS = 30;

export interface ClaimedTask {
  readonly claim: Claim;
  /** As the API shows it. */
  readonly taskRun: unknown;
}

/** The next task of one of the keys. One that is no longer scheduled is dropped. */
export async function claimTask(ctx: ServerContext, taskKeys: readonly string[]): Promise<ClaimedTask | undefined> {
  for (;;) {
    const now = ctx.clock.now();
    if (!(await hasBackgroundTask(ctx.db.read, taskKeys, now))) return undefined;
    const until = addSeconds(now, CLAIM_SECONDS);
    const taskRunId = await ctx.db.write((tx) => claimBackgroundTask(tx, taskKeys, { now, until }));
    if (taskRunId === undefined) return undefined;
    const claim = { taskRunId, until };
    const row = await findTaskRun(ctx.db.read, taskRunId);
    if (row?.state_type === "SCHEDULED") return { claim, taskRun: taskRunView(row, now) };
    await settleTask(ctx, claim);
  }
}

/** Gives the claim as it is from now on; undefined when somebody else has it. */
export async function renewTask(ctx: ServerContext, claim: Claim): Promise<Claim | undefined> {
  const until = addSeconds(ctx.clock.now(), CLAIM_SECONDS);
  const isRenewed = await ctx.db.write((tx) => renewClaim(tx, claim, until));
  return isRenewed ? { ...claim, until } : undefined;
}

export async function settleTask(ctx: ServerContext, claim: Claim): Promise<void> {
  await ctx.db.write((tx) => settleClaim(tx, claim));
}

export async function giveBackTask(ctx: ServerContext, claim: Claim): Promise<void> {
  await ctx.db.write((tx) => giveBackClaim(tx, claim, ctx.clock.now()));
}

/** Resolves when it is worth asking for a task again: one was announced in this process, or a second has passed. */
export function nextTaskMayBe(ctx: ServerContext, taskKeys: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = ctx.backgroundTasks.subscribe(({ taskKey }) => {
      if (taskKeys.includes(taskKey)) resolve();
    });
    const timer = setTimeout(resolve, LOOK_EVERY_MS);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        unsubscribe();
        resolve();
      },
      { once: true },
    );
  });
}

/** A worker's presence as it was last noted. */
export interface Presence {
  readonly identifier: string;
  readonly taskKeys: readonly string[];
}

/** Notes that a worker is there. Gives the time after which to do so again. */
export async function observeWorker(ctx: ServerContext, worker: Presence): Promise<Timestamp> {
  const now = ctx.clock.now();
  await ctx.db.write(async (tx) => {
    await observeTaskWorker(tx, { id: ctx.ids.next(), ...worker, now });
    await forgetTaskWorkersBefore(tx, addSeconds(now, -WORKER_GONE_AFTER_SECONDS));
  });
  return addSeconds(now, OBSERVE_EVERY_SECONDS);
}

export async function forgetWorker(ctx: ServerContext, identifier: string): Promise<void> {
  await ctx.db.write((tx) => forgetTaskWorker(tx, identifier));
}

/** The workers of all servers; with `taskKeys` only those who serve one of them. */
export async function readWorkers(ctx: ServerContext, taskKeys?: readonly string[]) {
  const since = addSeconds(ctx.clock.now(), -WORKER_GONE_AFTER_SECONDS);
  const rows = await listTaskWorkers(ctx.db.read, since, taskKeys);
  return rows.map(({ identifier, task_keys, seen }) => ({
    identifier,
    task_keys: parseJson(task_keys),
    timestamp: seen,
  }));
}
