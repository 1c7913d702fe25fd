import type { RunColumns } from "./facts.ts";
import { pass, type Rule } from "./rule.ts";

/** A pending run keeps the time it was scheduled for, unless the caller gives another. */
export const copyScheduledTime: Rule<RunColumns> = {
  name: "copy-scheduled-time",
  from: ["SCHEDULED"],
  to: ["PENDING"],
  decide({ initial, proposed }) {
    if (initial === null || proposed.state_details.scheduled_time) return pass;
    return { kind: "pass", details: { scheduled_time: initial.state_details.scheduled_time ?? null } };
  },
};
