import type { ScheduleCreate } from "../../client/resources/deployments.ts";
import { ScheduleInvalid } from "../errors.ts";

/** When a deployment runs by itself: exactly one of `cron`, `intervalSeconds` and `rrule`. */
export interface Schedule {
  /** Five fields, for example `"0 2 * * *"`. */
  readonly cron?: string;
  /** Whether a day must match both day fields (false) or one of them (true). @default true */
  readonly dayOr?: boolean;
  readonly intervalSeconds?: number;
  /** An ISO timestamp the intervals are counted from. @default the time of the deployment */
  readonly anchorDate?: string;
  /** An iCalendar rule, for example `"FREQ=DAILY;BYHOUR=2"`. */
  readonly rrule?: string;
  /** An IANA name. @default "UTC" */
  readonly timezone?: string;
  /** @default true */
  readonly active?: boolean;
  /** Names the schedule, so that it is updated in place. */
  readonly slug?: string;
  /** Replace those of the deployment for the runs of this schedule. */
  readonly parameters?: object;
}

/** The schedule as the API takes it. Throws SCHEDULE_INVALID. */
export function toScheduleCreate(schedule: Schedule): ScheduleCreate {
  const { active, slug, parameters } = schedule;
  return {
    schedule: whenOf(schedule),
    ...(active !== undefined && { active }),
    ...(slug !== undefined && { slug }),
    ...(parameters !== undefined && { parameters }),
  };
}

function whenOf({ cron, dayOr, intervalSeconds, anchorDate, rrule, timezone }: Schedule): object {
  const given = [cron, intervalSeconds, rrule].filter((kind) => kind !== undefined);
  if (given.length !== 1) throw ScheduleInvalid("A schedule needs exactly one of cron, intervalSeconds and rrule.");
  const zone = timezone === undefined ? {} : { timezone };
  if (cron !== undefined) return { cron, ...zone, ...(dayOr !== undefined && { day_or: dayOr }) };
  if (rrule !== undefined) return { rrule, ...zone };
  return { interval: intervalSeconds, ...zone, ...(anchorDate !== undefined && { anchor_date: anchorDate }) };
}
