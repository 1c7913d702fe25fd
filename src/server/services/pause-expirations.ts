import { listPausedRuns } from "../../db/repositories/overdue-runs.ts";
import { compareTimestamps, isTimestamp } from "../../kit/timestamp.ts";
import type { ServerContext } from "../context.ts";
import { setFlowRunState } from "../orchestration/set-flow-run-state.ts";
import type { Service } from "../services.ts";
import { settleEach } from "./settle-each.ts";

const PAGE_SIZE = 200;

/** Fails runs that were paused and not resumed in time. */
export const pauseExpirations: Service = {
  name: "PauseExpirations",
  summary: "Fails runs that are paused for too long.",
  variable: "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED",
  intervalSeconds: (settings) => settings.server.services.pause_expirations.loop_seconds,
  isEnabled: (settings) => settings.server.services.pause_expirations.enabled,
  async tick(ctx) {
    const state = { type: "FAILED", message: "The flow was paused and never resumed." } as const;
    let failed = 0;
    for (let afterId: string | undefined; ; ) {
      const runs = await listPausedRuns(ctx.db.read, { afterId, limit: PAGE_SIZE });
      const expired = runs.filter((run) => isExpired(ctx, run.pause_timeout));
      failed += await settleEach(ctx, expired, ({ id, state_id: from }) =>
        setFlowRunState(ctx, id, { state, force: true, client: {}, from }),
      );
      if (runs.length < PAGE_SIZE) return failed;
      afterId = runs.at(-1)?.id;
    }
  },
};

function isExpired(ctx: ServerContext, timeout: string | null): boolean {
  return timeout !== null && isTimestamp(timeout) && compareTimestamps(timeout, ctx.clock.now()) < 0;
}
