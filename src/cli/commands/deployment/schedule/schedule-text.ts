import { toNumber } from "../../../../kit/json.ts";
import type { DeploymentSchedule } from "../../../../schemas/deployment.ts";

/** `cron: 0 2 * * *`, `interval: 3600s` or `rrule: …`. */
export function scheduleText({ schedule }: Pick<DeploymentSchedule, "schedule">): string {
  if ("interval" in schedule) return `interval: ${toNumber(schedule.interval)}s`;
  return "cron" in schedule ? `cron: ${schedule.cron}` : `rrule: ${schedule.rrule}`;
}
