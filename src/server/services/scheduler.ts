import { listDeploymentsChangedSince, listDeploymentsToSchedule } from "../../db/repositories/scheduled-runs.ts";
import { addSeconds } from "../../kit/timestamp.ts";
import type { ServerContext } from "../context.ts";
import { horizonFrom, scheduleRuns } from "../orchestration/schedule-runs.ts";
import type { Service } from "../services.ts";

/** Makes runs ahead for every deployment whose schedules have too few of them. */
export const scheduler: Service = {
  name: "Scheduler",
  summary: "Makes the runs of schedules ahead.",
  variable: "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED",
  intervalSeconds: (settings) => settings.server.services.scheduler.loop_seconds,
  isEnabled: (settings) => settings.server.services.scheduler.enabled,
  tick(ctx, signal) {
    const horizon = horizonFrom(ctx, ctx.clock.now());
    const { timestamp } = ctx.db.dialect;
    const need = { now: timestamp(horizon.start), reach: timestamp(horizon.reach), minRuns: horizon.minRuns };
    const pages = pagesOf(ctx, (page) => listDeploymentsToSchedule(ctx.db.read, need, page), signal);
    return scheduleRuns(ctx, pages, horizon);
  },
};

/** The same, at once, for deployments that were made or changed since the last tick. */
export const recentDeployments: Service = {
  name: "RecentDeploymentsScheduler",
  summary: "Makes the runs of schedules that were just changed.",
  variable: "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED",
  intervalSeconds: (settings) => settings.server.services.scheduler.recent_deployments_loop_seconds,
  isEnabled: (settings) => settings.server.services.scheduler.enabled,
  tick(ctx, signal) {
    // A second longer than the interval, for those that change while a tick runs; making a run twice does nothing.
    const seconds = recentDeployments.intervalSeconds(ctx.settings) + 1;
    const since = ctx.db.dialect.timestamp(addSeconds(ctx.clock.now(), -seconds));
    const pages = pagesOf(ctx, (page) => listDeploymentsChangedSince(ctx.db.read, since, page), signal);
    return scheduleRuns(ctx, pages, horizonFrom(ctx, ctx.clock.now()));
  },
};

interface Page {
  readonly afterId: string | undefined;
  readonly limit: number;
}

async function* pagesOf(
  ctx: ServerContext,
  list: (page: Page) => Promise<readonly string[]>,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly string[]> {
  const limit = ctx.settings.server.services.scheduler.deployment_batch_size;
  for (let afterId: string | undefined; !signal?.aborted; ) {
    const ids = await list({ afterId, limit });
    if (ids.length > 0) yield ids;
    if (ids.length < limit) return;
    afterId = ids.at(-1);
  }
}
