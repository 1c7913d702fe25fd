import { lockUnpolledDeployments } from "../../db/repositories/deployments.ts";
import { lockPoolsWithoutWorkers } from "../../db/repositories/work-pools.ts";
import { lockUnpolledQueues, updateWorkQueues } from "../../db/repositories/work-queues.ts";
import { markSilentWorkersOffline } from "../../db/repositories/workers.ts";
import { addSeconds } from "../../kit/timestamp.ts";
import type { ServerContext } from "../context.ts";
import { writeWithEvents } from "../events/lifecycle.ts";
import { markDeployments } from "../orchestration/polls.ts";
import { setPoolStatus } from "../orchestration/work-pools.ts";
import { queueEvent } from "../orchestration/work-queues.ts";
import type { Service } from "../services.ts";

const BATCH_SIZE = 200;

/** Notices workers that fell silent, and pools, queues and deployments that nobody serves any more. */
export const foreman: Service = {
  name: "Foreman",
  summary: "Notices workers, pools, queues and deployments that fell silent.",
  variable: "PREFECT_SERVER_SERVICES_FOREMAN_ENABLED",
  intervalSeconds: (settings) => settings.server.services.foreman.loop_seconds,
  isEnabled: (settings) => settings.server.services.foreman.enabled,
  async tick(ctx) {
    const workers = await markWorkersOffline(ctx);
    return workers + (await markPools(ctx)) + (await markUnpolledDeployments(ctx)) + (await markQueues(ctx));
  },
};

async function markWorkersOffline(ctx: ServerContext): Promise<number> {
  const { inactivity_heartbeat_multiple, fallback_heartbeat_interval_seconds } = ctx.settings.server.services.foreman;
  const silence = {
    now: ctx.clock.now(),
    multiple: inactivity_heartbeat_multiple,
    fallbackSeconds: fallback_heartbeat_interval_seconds,
  };
  return await ctx.db.write((tx) => markSilentWorkersOffline(tx, silence));
}

async function markPools(ctx: ServerContext): Promise<number> {
  return await writeWithEvents(ctx, async (tx) => {
    const pools = await lockPoolsWithoutWorkers(tx, BATCH_SIZE);
    const events = [];
    for (const pool of pools) events.push(...(await setPoolStatus(ctx, tx, { pool, status: "NOT_READY" })).events);
    return { result: pools.length, events };
  });
}

async function markUnpolledDeployments(ctx: ServerContext): Promise<number> {
  const before = ago(ctx, ctx.settings.server.services.foreman.deployment_last_polled_timeout_seconds);
  return await writeWithEvents(ctx, async (tx) => {
    const ids = await lockUnpolledDeployments(tx, before, BATCH_SIZE);
    const events = ids.length === 0 ? [] : await markDeployments(ctx, tx, { of: { ids }, status: "NOT_READY" });
    return { result: ids.length, events };
  });
}

async function markQueues(ctx: ServerContext): Promise<number> {
  const before = ago(ctx, ctx.settings.server.services.foreman.work_queue_last_polled_timeout_seconds);
  return await writeWithEvents(ctx, async (tx) => {
    const queues = await lockUnpolledQueues(tx, before, BATCH_SIZE);
    const updated = ctx.db.dialect.timestamp(ctx.clock.now());
    await updateWorkQueues(
      tx,
      queues.map(({ id }) => id),
      { status: "NOT_READY", updated },
    );
    return { result: queues.length, events: queues.map((queue) => queueEvent(ctx, "not-ready", queue)) };
  });
}

const ago = (ctx: ServerContext, seconds: number) => ctx.db.dialect.timestamp(addSeconds(ctx.clock.now(), -seconds));
