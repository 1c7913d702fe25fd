import {
  listStuckCancellations,
  listSubflowsOfCancelledRuns,
  listTaskRunsOfCancelledRuns,
} from "../../db/repositories/overdue-runs.ts";
import { addSeconds } from "../../kit/timestamp.ts";
import type { ServerContext } from "../context.ts";
import { endCancellation } from "../orchestration/end-cancellation.ts";
import { setFlowRunState } from "../orchestration/set-flow-run-state.ts";
import { setTaskRunState } from "../orchestration/set-task-run-state.ts";
import type { Service } from "../services.ts";
import { settleEach } from "./settle-each.ts";

const BATCH_SIZE = 200;
const DAY_SECONDS = 86_400;
const BY_PARENT = "The parent flow run was cancelled.";

/** Cancels what is left below cancelled runs, and ends cancellations that nobody carries out. */
export const cancellation: Service = {
  name: "CancellationCleanup",
  summary: "Cancels what is left below cancelled runs, and ends cancellations nobody carries out.",
  variable: "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_ENABLED",
  intervalSeconds: (settings) => settings.server.services.cancellation_cleanup.loop_seconds,
  isEnabled: (settings) => settings.server.services.cancellation_cleanup.enabled,
  async tick(ctx) {
    return (await cancelTaskRuns(ctx)) + (await cancelSubflows(ctx)) + (await endStuckCancellations(ctx));
  },
};

async function cancelTaskRuns(ctx: ServerContext): Promise<number> {
  const since = ctx.db.dialect.timestamp(addSeconds(ctx.clock.now(), -DAY_SECONDS));
  const taskRuns = await listTaskRunsOfCancelledRuns(ctx.db.read, since, BATCH_SIZE);
  const state = { type: "CANCELLED", message: BY_PARENT } as const;
  return settleEach(ctx, taskRuns, ({ id, state_id: from }) =>
    setTaskRunState(ctx, id, { state, force: true, client: {}, from }),
  );
}

/** A subflow with a deployment runs elsewhere, and whoever runs it is asked to stop it. */
async function cancelSubflows(ctx: ServerContext): Promise<number> {
  const subflows = await listSubflowsOfCancelledRuns(ctx.db.read, BATCH_SIZE);
  return settleEach(ctx, subflows, ({ id, state_id: from, deployment_id }) => {
    const type = deployment_id === null ? "CANCELLED" : "CANCELLING";
    return setFlowRunState(ctx, id, { state: { type, message: BY_PARENT }, client: {}, from });
  });
}

async function endStuckCancellations(ctx: ServerContext): Promise<number> {
  const { cancelling_timeout_seconds: seconds } = ctx.settings.server.services.cancellation_cleanup;
  const before = ctx.db.dialect.timestamp(addSeconds(ctx.clock.now(), -seconds));
  const runs = await listStuckCancellations(ctx.db.read, before, BATCH_SIZE);
  return settleEach(ctx, runs, async ({ id, state_id }) => state_id !== null && endCancellation(ctx, id, state_id));
}
