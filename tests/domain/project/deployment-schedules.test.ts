import { expect, test } from "vitest";
import {
  keepScheduleState,
  type ScheduleRequest,
  toScheduleRequest,
} from "../../../src/domain/project/deployment-schedules.ts";
import { parseJson } from "../../../src/kit/json.ts";
import type { DeploymentSchedule } from "../../../src/schemas/deployment.ts";

const existing = (schedule: object, rest: object = {}) =>
  ({ id: "x", slug: null, active: false, parameters: {}, schedule, ...rest }) as unknown as DeploymentSchedule;

const CRON = { cron: "0 2 * * *", timezone: "UTC", day_or: true };
const HOURLY = { interval: 3600, anchor_date: "2020-01-01T00:00:00Z", timezone: "UTC" };

test.each<[string, ScheduleRequest, DeploymentSchedule, object]>([
  ["the same times", { schedule: { cron: "0 2 * * *" } }, existing(CRON), { active: false }],
  ["other times", { schedule: { cron: "0 3 * * *" } }, existing(CRON), {}],
  ["another zone", { schedule: { cron: "0 2 * * *", timezone: "Asia/Tokyo" } }, existing(CRON), {}],
  ["the same slug", { slug: "a", schedule: { cron: "9 9 * * *" } }, existing(CRON, { slug: "a" }), { active: false }],
  ["a renamed slug", { slug: "b", replaces: "a", schedule: CRON }, existing(CRON, { slug: "a" }), { active: false }],
  ["the file says so", { active: true, schedule: { cron: "0 2 * * *" } }, existing(CRON), { active: true }],
  [
    "an interval",
    { schedule: { interval: 3600 } },
    existing(HOURLY),
    { active: false, schedule: { ...HOURLY, timezone: undefined } },
  ],
  [
    "a rule that was given a start",
    { schedule: { rrule: "FREQ=DAILY" } },
    existing({ rrule: "DTSTART:20200101T000000\nFREQ=DAILY", timezone: "UTC" }),
    { active: false },
  ],
  [
    "an interval the API writes as a float",
    { schedule: { interval: 60 } },
    existing(parseJson('{"interval": 60.0, "timezone": "UTC"}') as object),
    { active: false },
  ],
])("what is kept with %s", (...[, request, before, expected]) => {
  const [kept] = keepScheduleState([request], [before]);

  expect(JSON.parse(JSON.stringify(kept))).toEqual(JSON.parse(JSON.stringify({ ...request, ...expected })));
});

test.each([
  [{ cron: "nope" }],
  [{ interval: -5 }],
  [{ cron: "0 0 * * *", timezone: "Mars/Base" }],
  [{ cron: "0 0 * * *", active: "perhaps" }],
  [{}],
])("%j is refused", (config) => {
  expect(() => toScheduleRequest(config)).toThrow(expect.objectContaining({ code: "SCHEDULE_CONFIG_INVALID" }));
});

test("flags may be texts, as templates make them", () => {
  expect(toScheduleRequest({ cron: "0 0 * * *", active: "false", day_or: "no" })).toEqual({
    schedule: { cron: "0 0 * * *", day_or: false },
    active: false,
  });
});
