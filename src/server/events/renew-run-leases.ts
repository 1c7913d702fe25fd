import type { Db } from "../../db/database.ts";
import type { NewEvent } from "../../db/repositories/events.ts";
import { type Heartbeat, renewRunLeases } from "../../db/repositories/run-leases.ts";
import { isUuid } from "../../kit/ids.ts";
import { addSeconds } from "../../kit/timestamp.ts";
import type { ServerContext } from "../context.ts";

const HEARTBEAT = "prefect.flow-run.heartbeat";
const FLOW_RUN = "prefect.flow-run.";

/** Renews the leases of the runs that send heartbeats, in the transaction that stores the events. */
export async function renewLeases(
  ctx: Pick<ServerContext, "clock" | "settings">,
  tx: Db,
  events: readonly NewEvent[],
): Promise<void> {
  const heartbeats = events.filter(({ event }) => event === HEARTBEAT).flatMap(heartbeatOf);
  if (heartbeats.length === 0) return;
  // When it arrived, by this server's clock: what a client's clock says is not to be relied on.
  const now = ctx.clock.now();
  const { lease_seconds: seconds } = ctx.settings.server.services.run_leases;
  await renewRunLeases(tx, heartbeats, { now, expires: addSeconds(now, seconds) });
}

function heartbeatOf({ resource }: NewEvent): readonly Heartbeat[] {
  const resourceId = resource["prefect.resource.id"] ?? "";
  const flowRunId = resourceId.slice(FLOW_RUN.length).toLowerCase();
  if (!resourceId.startsWith(FLOW_RUN) || !isUuid(flowRunId)) return [];
  // Python's clients do not say which attempt they are.
  const attempt = /^\d{1,9}$/.exec(resource["prefect.run-count"] ?? "");
  return [{ flowRunId, runCount: attempt && Number(attempt[0]) }];
}
