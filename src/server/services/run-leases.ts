import { listExpiredRunLeases, postponeRunLeases } from "../../db/repositories/run-leases.ts";
import { lockServicePass, upsertServicePass } from "../../db/repositories/service-passes.ts";
import { addSeconds, compareTimestamps, type Timestamp } from "../../kit/timestamp.ts";
import type { ServerContext } from "../context.ts";
import { expireRunLease } from "../orchestration/expire-run-lease.ts";
import type { Service } from "../services.ts";
import { settleEach } from "./settle-each.ts";

const NAME = "run-leases";
const BATCH_SIZE = 20;
/** Passes missed, by all servers, after which nobody can have heard heartbeats either. */
const MISSED_PASSES = 3;

/** Crashes runs whose process has not sent a heartbeat for too long; runs that never sent one are left alone. */
export const runLeases: Service = {
  name: "RunLeases",
  summary: "Crashes runs whose process sends no heartbeats any more.",
  variable: "PREFECT_SERVER_SERVICES_RUN_LEASES_ENABLED",
  intervalSeconds: ({ server }) => server.services.run_leases.loop_seconds,
  isEnabled: ({ server }) => server.services.run_leases.enabled,
  async tick(ctx) {
    const now = ctx.clock.now();
    await notePass(ctx, now);
    let crashed = 0;
    for (let isFull = true; isFull && !isPassOver(ctx, now); ) {
      const runs = await listExpiredRunLeases(ctx.db.read, now, BATCH_SIZE);
      const settled = await settleEach(ctx, runs, async ({ id }) => {
        if (await expireRunLease(ctx, id, now)) crashed += 1;
      });
      isFull = settled === BATCH_SIZE;
    }
    return crashed;
  },
};

/** The next pass is to be noted in time, or it would look as if no server had been up. */
function isPassOver(ctx: ServerContext, begun: Timestamp): boolean {
  return (
    compareTimestamps(addSeconds(begun, ctx.settings.server.services.run_leases.loop_seconds), ctx.clock.now()) < 0
  );
}

/** After a time without any server, or without a database, every process is given a whole term to be heard again. */
async function notePass(ctx: ServerContext, now: Timestamp): Promise<void> {
  const { loop_seconds: loop, lease_seconds: term } = ctx.settings.server.services.run_leases;
  await ctx.db.write(async (tx) => {
    const last = await lockServicePass(tx, NAME);
    const wasAway = last !== undefined && compareTimestamps(addSeconds(last, MISSED_PASSES * loop), now) < 0;
    if (wasAway) await postponeRunLeases(tx, addSeconds(now, term));
    await upsertServicePass(tx, { id: ctx.ids.next(), service: NAME, passed: now });
  });
}
