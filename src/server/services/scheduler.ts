import { listDeploymentsChangedSince, listDeploymentsToSchedule } from "../../db/repositories/scheduled-runs.ts";
import { addSeconds } from "../../kit/timestamp.ts";
import type { ServerContext } from "../context.ts";
import { horizonFrom, scheduleRuns } from "../orchestration/schedule-runs.ts";
import type { Service } from "../services.ts";

/** Makes runs ahead for every deployment whose schedules have too few of them. */
export const scheduler: Service = {
  name: "scheduler",
  intervalSeconds: (settings) => settings.server.services.scheduler.loop_seconds,
  isEnabled: (settings) => settings.server.services.scheduler.enabled,
  tick(ctx) {
    const { timestamp } = ctx.db.dialect;
    return scheduleByPage(ctx, (page) => {
      const { start, reach, minRuns } = horizonFrom(ctx, ctx.clock.now());
      return listDeploymentsToSchedule(ctx.db.read, { now: timestamp(start), reach: timestamp(reach), minRuns }, page);
    });
  },
};

/** The same, at once, for deployments that were made or changed since the last tick. */
export const recentDeployments: Service = {
  name: "recent-deployments",
  intervalSeconds: (settings) => settings.server.services.scheduler.recent_deployments_loop_seconds,
  isEnabled: (settings) => settings.server.services.scheduler.enabled,
  tick(ctx) {
    // A second longer than the interval, for those that change while a tick runs; making a run twice does nothing.
    const seconds = recentDeployments.intervalSeconds(ctx.settings) + 1;
    const since = ctx.db.dialect.timestamp(addSeconds(ctx.clock.now(), -seconds));
    return scheduleByPage(ctx, (page) => listDeploymentsChangedSince(ctx.db.read, since, page));
  },
};

interface Page {
  readonly afterId: string | undefined;
  readonly limit: number;
}

async function scheduleByPage(ctx: ServerContext, list: (page: Page) => Promise<readonly string[]>): Promise<number> {
  const limit = ctx.settings.server.services.scheduler.deployment_batch_size;
  let made = 0;
  for (let afterId: string | undefined; ; ) {
    const ids = await list({ afterId, limit });
    made += await scheduleRuns(ctx, ids, horizonFrom(ctx, ctx.clock.now()));
    if (ids.length < limit) return made;
    afterId = ids.at(-1);
  }
}
