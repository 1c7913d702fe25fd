import { expect, test } from "vitest";
import { schedulesOf } from "../../../src/sdk/deployments/deployment.ts";
import { toScheduleCreate } from "../../../src/sdk/deployments/schedules.ts";

test.each([
  [
    { cron: "0 2 * * *", timezone: "Europe/Paris" },
    { cron: "0 2 * * *", timezone: "Europe/Paris" },
  ],
  [
    { cron: "0 2 1 * 1", dayOr: false },
    { cron: "0 2 1 * 1", day_or: false },
  ],
  [
    { intervalSeconds: 60, anchorDate: "2030-01-01T00:00:00Z" },
    { interval: 60, anchor_date: "2030-01-01T00:00:00Z" },
  ],
  [{ rrule: "FREQ=DAILY" }, { rrule: "FREQ=DAILY" }],
])("%j is sent as %j", (schedule, when) => {
  expect(toScheduleCreate(schedule)).toEqual({ schedule: when });
});

test("a schedule keeps its name, parameters and whether it is active", () => {
  const schedule = { cron: "* * * * *", slug: "often", active: false, parameters: { n: 1 } };

  expect(toScheduleCreate(schedule)).toMatchObject({ slug: "often", active: false, parameters: { n: 1 } });
});

test.each([{}, { cron: "* * * * *", intervalSeconds: 1 }])("%j is no schedule", (schedule) => {
  expect(() => toScheduleCreate(schedule)).toThrow("exactly one of");
});

test("options without a schedule leave those of the deployment alone", () => {
  expect(schedulesOf({ name: "x", tags: ["a"] })).toBeUndefined();
  expect(schedulesOf({ name: "x", schedules: [] })).toEqual([]);
  expect(schedulesOf({ name: "x", cron: "* * * * *" })).toEqual([{ cron: "* * * * *" }]);
});
