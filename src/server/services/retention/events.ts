import { deleteExpiredEvents } from "../../../db/repositories/expired-events.ts";
import { addSeconds } from "../../../kit/timestamp.ts";
import type { Service } from "../../services.ts";
import { inBatches } from "./in-batches.ts";
import { vacuumKinds } from "./retention-settings.ts";

/** An event goes with its resources, of which it has about three. */
const ROWS_OF_EVENT = 4;

/** Deletes events that occurred long ago; some kinds sooner than others. */
export const eventRetention: Service = {
  name: "EventRetention",
  summary: "Deletes events that occurred long ago.",
  variable: "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED",
  intervalSeconds: ({ server }) => server.services.db_vacuum.loop_seconds,
  isEnabled: (settings) => vacuumKinds(settings).has("events") && settings.server.services.event_persister.enabled,
  async tick(ctx, signal) {
    const { batch_size, event_retention_overrides: overrides } = ctx.settings.server.services.db_vacuum;
    const { retention_period: longest } = ctx.settings.server.events;
    const shorter = Object.entries(overrides).filter(([, seconds]) => seconds < longest);
    const kinds = [...shorter.map(([event, seconds]) => ({ event, seconds })), { seconds: longest }];
    let total = 0;
    for (const { seconds, ...kind } of kinds) {
      const before = ctx.db.dialect.timestamp(addSeconds(ctx.clock.now(), -seconds));
      const of = { ...kind, before, limit: Math.ceil(batch_size / ROWS_OF_EVENT) };
      total += await inBatches(() => ctx.db.write((tx) => deleteExpiredEvents(tx, of)), signal);
    }
    if (total > 0) ctx.log.info({ events: total }, "events that occurred long ago were deleted");
    return total;
  },
};
