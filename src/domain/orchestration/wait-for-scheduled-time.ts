import { secondsBetween } from "../../kit/timestamp.ts";
import type { RunColumns } from "./facts.ts";
import { pass, type Rule } from "./rule.ts";

/** A run may not start before its scheduled time; the caller is told how long to wait, in whole seconds. */
export const waitForScheduledTime: Rule<RunColumns> = {
  name: "wait-for-scheduled-time",
  from: ["SCHEDULED", "PENDING"],
  to: ["RUNNING"],
  decide({ initial, now }) {
    const scheduledTime = initial?.state_details.scheduled_time;
    if (!scheduledTime) return pass;
    const seconds = roundHalfDown(secondsBetween(now, scheduledTime));
    return seconds > 0 ? { kind: "wait", seconds, reason: "Scheduled time is in the future" } : pass;
  },
};

/** To the nearest whole second, exactly half a second downwards. */
function roundHalfDown(seconds: number): number {
  const whole = Math.floor(seconds);
  return whole + (Math.round((seconds - whole) * 1_000_000) > 500_000 ? 1 : 0);
}
