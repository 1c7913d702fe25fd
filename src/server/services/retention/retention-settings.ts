import type { ServerContext } from "../../context.ts";

type Settings = ServerContext["settings"];

/** What Python's Prefect was told to delete, whatever the setting's form. */
export function vacuumKinds(settings: Settings): ReadonlySet<string> {
  const { enabled } = settings.server.services.db_vacuum;
  if (enabled === true) return new Set(["events", "flow_runs", "orphans"]);
  return new Set(enabled === false ? ["events"] : enabled);
}

/** Seconds that finished runs are kept: the shorter of ours and of the reference's setting. Undefined means for ever. */
export function runRetentionSeconds(settings: Settings): number | undefined {
  const { retention_period: period } = settings.server.services.db_vacuum;
  const periods = [settings.server.retention.flow_runs, vacuumKinds(settings).has("flow_runs") ? period : 0];
  const limits = periods.filter((seconds) => seconds > 0);
  return limits.length === 0 ? undefined : Math.min(...limits);
}
