import { listOverdueRuns } from "../../db/repositories/overdue-runs.ts";
import { MarkLateRunsPolicy } from "../../domain/orchestration/policies.ts";
import { addSeconds } from "../../kit/timestamp.ts";
import { setFlowRunState } from "../orchestration/set-flow-run-state.ts";
import type { Service } from "../services.ts";
import { settleEach } from "./settle-each.ts";

const BATCH_SIZE = 400;

/** Names runs Late that should have started some time ago and that nobody has taken. */
export const lateRuns: Service = {
  name: "LateRuns",
  summary: "Marks runs that nobody starts in time as late.",
  variable: "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED",
  intervalSeconds: (settings) => settings.server.services.late_runs.loop_seconds,
  isEnabled: (settings) => settings.server.services.late_runs.enabled,
  async tick(ctx) {
    const before = addSeconds(ctx.clock.now(), -ctx.settings.server.services.late_runs.after_seconds);
    const runs = await listOverdueRuns(ctx.db.read, ctx.db.dialect.timestamp(before), BATCH_SIZE);
    return settleEach(ctx, runs, ({ id, state_id: from, next_scheduled_start_time }) => {
      const details = { scheduled_time: next_scheduled_start_time };
      const state = { type: "SCHEDULED", name: "Late", state_details: details } as const;
      return setFlowRunState(ctx, id, { state, policy: MarkLateRunsPolicy, client: {}, from });
    });
  },
};
