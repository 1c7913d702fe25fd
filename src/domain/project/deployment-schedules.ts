import { parseJson, toNumber } from "../../kit/json.ts";
import * as s from "../../kit/schema/schema.ts";
import type { DeploymentSchedule } from "../../schemas/deployment.ts";
import { ScheduleInput } from "../../schemas/schedule.ts";
import { isObject } from "../parameters/json-types.ts";
import { ScheduleConfigInvalid } from "./errors.ts";
import type { ScheduleConfig } from "./project-file.ts";

/** What a request says about one schedule. */
export interface ScheduleRequest {
  readonly schedule: object;
  readonly active?: boolean;
  readonly parameters?: object;
  readonly slug?: string;
  /** Slug of the schedule it takes the place of. */
  readonly replaces?: string;
}

/** A schedule of prefect.yaml, its placeholders filled, as the API takes it. Throws SCHEDULE_CONFIG_INVALID. */
export function toScheduleRequest(config: ScheduleConfig): ScheduleRequest {
  const schedule = whenOf(config);
  const checked = ScheduleInput.parse(schedule);
  if (!checked.ok) throw ScheduleConfigInvalid(checked.errors.map(({ msg }) => msg).join("; "));
  const { active, parameters, slug, replaces } = config;
  return {
    schedule,
    ...(active !== undefined && active !== null && { active: flagOf("active", active) }),
    ...(parameters && Object.keys(parameters).length > 0 && { parameters }),
    ...(slug && { slug }),
    ...(replaces && { replaces }),
  };
}

/**
 * The schedules with what they leave open taken from those that exist: a paused schedule stays paused, and an interval
 * keeps its anchor. A schedule is the same as an existing one when the slugs are, else when it says the same times.
 */
export function keepScheduleState(
  requests: readonly ScheduleRequest[],
  existing: readonly DeploymentSchedule[],
): readonly ScheduleRequest[] {
  return requests.map((request) => {
    const slug = request.replaces ?? request.slug;
    const before = existing.find((each) => (slug ? each.slug === slug : isSameTime(each.schedule, request.schedule)));
    if (before === undefined) return request;
    const keepsAnchor = isSameTime(before.schedule, request.schedule) && "anchor_date" in before.schedule;
    const anchor = keepsAnchor ? { anchor_date: before.schedule.anchor_date } : {};
    return { ...request, active: request.active ?? before.active, schedule: { ...anchor, ...request.schedule } };
  });
}

function whenOf(config: ScheduleConfig): object {
  const { cron, interval, rrule, timezone, anchor_date, day_or } = config;
  const zone = timezone ? { timezone } : {};
  if (cron) {
    return { cron, ...zone, ...(day_or !== undefined && day_or !== null && { day_or: flagOf("day_or", day_or) }) };
  }
  if (interval) return { interval, ...zone, ...(anchor_date && { anchor_date }) };
  if (rrule) return { ...ruleOf(rrule), ...zone };
  throw ScheduleConfigInvalid("give one of cron, interval and rrule.");
}

/** A recurrence rule may be the JSON of a whole schedule. */
function ruleOf(text: string): object {
  try {
    const value = parseJson(text);
    return isObject(value) ? value : { rrule: text };
  } catch {
    return { rrule: text };
  }
}

function flagOf(name: string, value: unknown): boolean {
  const parsed = s.boolean().parse(value);
  if (!parsed.ok) throw ScheduleConfigInvalid(`${name} must be true or false.`);
  return parsed.value;
}

function isSameTime(before: object, after: object): boolean {
  const [old, young] = [comparableTimes(before), comparableTimes(after)];
  const isKept = (key: string) => (young[key] ?? old[key]) === old[key];
  return (
    ["cron", "interval", "rrule"].every((key) => old[key] === young[key]) &&
    ["day_or", "anchor_date"].every(isKept) &&
    (old.timezone ?? "UTC") === (young.timezone ?? "UTC")
  );
}

/** What the server puts before a rule that has no start. */
const DEFAULT_START = "DTSTART:20200101T000000\n";

/** A schedule as it was written: intervals as numbers, rules without the start that they are given. */
function comparableTimes(schedule: object): Readonly<Record<string, unknown>> {
  const { interval, rrule, ...rest } = schedule as Readonly<Record<string, unknown>>;
  return {
    ...rest,
    ...(interval !== undefined && { interval: toNumber(interval) }),
    ...(typeof rrule === "string" && { rrule: rrule.replace(DEFAULT_START, "") }),
  };
}

/** Schedules without what the server adds to them, in one order. */
export function comparableSchedules(schedules: unknown): unknown {
  if (!Array.isArray(schedules)) return schedules;
  const plainer = schedules.filter(isObject).map(({ schedule, active, slug, parameters }) => ({
    schedule: isObject(schedule) ? withoutDefaults(schedule) : schedule,
    active: active ?? true,
    slug: slug ?? null,
    parameters: parameters ?? {},
  }));
  return plainer.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function withoutDefaults(given: object): object {
  const { timezone, day_or, anchor_date, ...schedule } = comparableTimes(given);
  const zone = timezone === null || timezone === undefined || timezone === "UTC" ? {} : { timezone };
  return {
    ...schedule,
    ...zone,
    ...(day_or === false && { day_or }),
    ...(anchor_date !== undefined && { anchor_date }),
  };
}
