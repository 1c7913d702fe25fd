import type { ScheduleConfig } from "../../domain/project/project-file.ts";
import { choose } from "../choose.ts";
import type { Context } from "../context.ts";

const KINDS = [
  { value: "cron", label: "Cron", hint: "at the times of an expression such as 0 2 * * *" },
  { value: "interval", label: "Interval", hint: "every so many seconds" },
  { value: "rrule", label: "RRule", hint: "at the times of an iCalendar rule" },
] as const;

/** Asks for schedules until there are enough; undefined when none is wanted. */
export async function askSchedules(context: Context): Promise<readonly ScheduleConfig[] | undefined> {
  const schedules: ScheduleConfig[] = [];
  while (await context.confirm(`Would you like to add ${schedules.length === 0 ? "a" : "another"} schedule?`)) {
    const kind = await choose("What kind of schedule?", KINDS);
    const timezone = kind === "interval" ? {} : { timezone: await context.ask("Time zone", "UTC") };
    schedules.push({ ...(await askTimes(context, kind)), ...timezone });
  }
  return schedules.length === 0 ? undefined : schedules;
}

async function askTimes(context: Context, kind: string): Promise<ScheduleConfig> {
  if (kind === "interval") return { interval: Number(await context.ask("Seconds between two runs", "3600")) };
  if (kind === "rrule") return { rrule: await context.ask("Rule", "FREQ=DAILY;BYHOUR=2") };
  return { cron: await context.ask("Expression", "0 0 * * *") };
}
