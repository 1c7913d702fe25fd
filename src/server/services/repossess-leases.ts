import { listExpiredLeaseIds } from "../../db/repositories/leases.ts";
import { releaseLease } from "../concurrency/release-lease.ts";
import type { ServerContext } from "../context.ts";
import type { Service } from "../services.ts";

/** Leases handled in one tick. */
const MAX_LEASES = 100;

/** Takes back the slots of leases that their holders have stopped renewing. */
export const leaseRepossessor: Service = {
  name: "Repossessor",
  summary: "Takes back the slots of concurrency leases that have expired.",
  variable: "PREFECT_SERVER_SERVICES_REPOSSESSOR_ENABLED",
  intervalSeconds: ({ server }) => server.services.repossessor.loop_seconds,
  isEnabled: ({ server }) => server.services.repossessor.enabled,
  tick: repossessLeases,
};

export async function repossessLeases(ctx: ServerContext): Promise<number> {
  const ids = await listExpiredLeaseIds(ctx.db.read, ctx.clock.now(), MAX_LEASES);
  const released = ids.map((id) =>
    ctx.db.write((tx) => releaseLease(ctx, tx, { id, countsOccupancy: true, onlyExpired: true })),
  );
  const outcomes = await Promise.all(released);
  return outcomes.filter(Boolean).length;
}
