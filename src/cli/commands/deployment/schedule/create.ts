import { toScheduleRequest } from "../../../../domain/project/deployment-schedules.ts";
import { command } from "../../../command.ts";
import type { Context } from "../../../context.ts";
import { CommandFailed } from "../../../exit.ts";
import { argument, numberFlag, onFlag, switchFlag, textFlag } from "../../../flags.ts";
import { readDeploymentByName } from "../find-deployment.ts";

export const create = command({
  summary: "Give a deployment a schedule.",
  args: { name: argument("The deployment, as flow/deployment.") },
  flags: {
    interval: numberFlag("--interval <seconds>", "Run it this often."),
    anchorDate: textFlag("--anchor-date <time>", "Count the intervals from this time."),
    rrule: textFlag("--rrule <rule>", "Run it at the times of an iCalendar rule, or of JSON with rrule and timezone."),
    cron: textFlag("--cron <expression>", "Run it at the times of a cron expression."),
    dayOr: onFlag("--day_or", "A day needs to fit one of the two day fields, not both.", "--no-day_or"),
    timezone: textFlag("--timezone <name>", "Its time zone, such as Europe/Paris."),
    active: onFlag("--active", "Let it make runs from now on."),
    replace: switchFlag("--replace", "Delete the schedules that the deployment has."),
    acceptYes: switchFlag("-y, --accept-yes", "Do not ask."),
  },
  async run(context, { args: { name }, flags }) {
    const { interval, anchorDate, rrule, cron, dayOr, timezone, active } = flags;
    const given = [interval, rrule, cron].filter((kind) => kind !== undefined);
    if (given.length !== 1)
      throw CommandFailed("Exactly one of `--interval`, `--rrule`, or `--cron` must be provided.");
    if (anchorDate !== undefined && interval === undefined) {
      throw CommandFailed("An anchor date can only be provided with an interval schedule");
    }
    if (rrule?.includes("TZID") && timezone === undefined) {
      throw CommandFailed("Give the time zone with --timezone, not with a TZID in the rule.");
    }
    const config = { interval: interval ?? null, rrule: rrule ?? null, cron: cron ?? null, day_or: dayOr };
    const { schedule } = toScheduleRequest({ ...config, timezone: timezone ?? null, anchor_date: anchorDate ?? null });
    const replaced = await replaceExisting(context, name, flags);
    const client = await context.client();

    await client.deployments.createSchedules(replaced.id, [{ schedule, active }]);

    const noun = replaced.count === 1 ? "schedule" : "schedules";
    context.out.success(
      replaced.count === 0 ? "Created deployment schedule!" : `Replaced existing deployment ${noun} with new schedule!`,
    );
  },
});

interface ReplaceFlags {
  readonly replace: boolean;
  readonly acceptYes: boolean;
}

async function replaceExisting(context: Context, name: string, { replace, acceptYes }: ReplaceFlags) {
  const { id, schedules } = await readDeploymentByName(context, name);
  const count = replace ? schedules.length : 0;
  if (count === 0) return { id, count };
  const question = `Are you sure you want to replace ${count} schedule${count === 1 ? "" : "s"} for ${name}?`;
  if (!acceptYes && !(await context.confirm(question))) throw CommandFailed("Schedule replacement cancelled.");
  const client = await context.client();
  for (const schedule of schedules) await client.deployments.deleteSchedule(id, schedule.id);
  return { id, count };
}
