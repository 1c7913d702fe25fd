import * as s from "../kit/schema/schema.ts";
import { orNull } from "./common.ts";
import { checkCron } from "./cron-expression.ts";
import { checkRRule } from "./rrule-text.ts";

const interval = s.refine(
  s.duration({ anyOf: [{ type: "number", exclusiveMinimum: 0 }, { type: "string" }] }),
  (seconds) => (seconds > 0 ? undefined : "interval must be positive"),
);

const IntervalFields = s.object(
  "IntervalSchedule-Input",
  { interval, anchor_date: s.optional(s.dateTime()), timezone: orNull(s.string()) },
  { extra: "forbid", label: "IntervalSchedule" },
);

/** Runs every `interval` seconds from the anchor on; without one the server takes the time of the request. */
export const IntervalScheduleInput = s.transform(
  s.refine(IntervalFields, checkTimeZone, "function-after[validate_timezone(), IntervalSchedule]"),
  (schedule) => ({ ...schedule, timezone: schedule.timezone ?? "UTC" }),
);
export type IntervalScheduleInput = s.Infer<typeof IntervalScheduleInput>;

/** An interval schedule as stored and shown: `interval` counts seconds. */
export const IntervalScheduleOutput = s.object(
  "IntervalSchedule-Output",
  { interval: s.number(), anchor_date: s.supplied(s.dateTime()), timezone: orNull(s.string()) },
  { extra: "forbid", label: "IntervalSchedule" },
);
export type IntervalScheduleOutput = s.Infer<typeof IntervalScheduleOutput>;

/** A cron schedule; `parseCron` reads its expression. */
export const CronSchedule = s.refine(
  s.object(
    "CronSchedule",
    { cron: s.refine(s.string(), checkCron), timezone: orNull(s.string()), day_or: s.defaulted(s.boolean(), true) },
    { extra: "forbid" },
  ),
  checkTimeZone,
  "function-after[validate_timezone(), CronSchedule]",
);
export type CronSchedule = s.Infer<typeof CronSchedule>;

/** An iCalendar rule; `parseRRule` reads it. */
export const RRuleSchedule = s.object(
  "RRuleSchedule",
  {
    rrule: s.refine(s.string(), checkRRule),
    timezone: s.defaulted(
      s.nullable(
        s.refine(s.string(), (timezone) => (timezone === "" ? noSuchZone(timezone) : checkTimeZone({ timezone }))),
      ),
      "UTC",
    ),
  },
  { extra: "forbid" },
);
export type RRuleSchedule = s.Infer<typeof RRuleSchedule>;

/** A schedule in a request. */
export const ScheduleInput = s.union([IntervalScheduleInput, CronSchedule, RRuleSchedule]);
export type ScheduleInput = s.Infer<typeof ScheduleInput>;

/** A schedule as stored and shown. */
export const ScheduleOutput = s.union([IntervalScheduleOutput, CronSchedule, RRuleSchedule]);
export type ScheduleOutput = s.Infer<typeof ScheduleOutput>;

function checkTimeZone({ timezone }: { readonly timezone: string | null }): string | undefined {
  if (timezone === null || timezone === "" || isTimeZone(timezone)) return undefined;
  return noSuchZone(timezone);
}

function noSuchZone(timezone: string): string {
  return `Invalid timezone: "${timezone}" (specify in IANA tzdata format, for example, America/New_York)`;
}

/** Intl takes offsets and any letter case, which the reference does not: names start with a capital letter there. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
