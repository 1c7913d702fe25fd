import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { scheduleDates } from "../../../src/domain/schedules/schedule-dates.ts";
import type { ScheduleOutput } from "../../../src/schemas/schedule.ts";
import { cached, runPython } from "../../support/python.ts";
import { missing } from "../../support/require.ts";

const ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia"];
/** Quiet times, the hours round the changes of clocks, and odd fractions. */
const STARTS = [
  "2026-11-22T15:34:28.396649Z",
  "2026-03-08T06:59:59Z",
  "2026-03-08T07:15:00Z",
  "2026-11-01T05:30:00Z",
  "2026-11-01T06:30:00.5Z",
  "2026-03-29T00:30:00Z",
  "2026-03-29T01:00:00Z",
  "2026-10-25T00:59:00Z",
  "2026-10-25T01:30:00Z",
  "2026-10-03T15:45:00Z",
  "2024-02-28T23:59:59.999999Z",
  "2011-12-29T20:00:00Z",
];
const CRONS = [
  "* * * * *",
  "0 * * * *",
  "30 2 * * *",
  "30 1 * * *",
  "*/7 */5 * * *",
  "0 9 * * mon-fri",
  "0 0 1 * *",
  "0 0 31 * *",
  "0 0 29 2 *",
  "0 0 l * *",
  "0 12 1,15 * fri",
  "0 0 * * sun#2",
  "0 0 * * l5",
  "0 0 13 * 5",
  "15,45 8-18/3 * jan,jul *",
  "@daily",
  "@weekly",
  "*/10 * * * * */20",
  "0 0 * * * 30 2027",
  "0 22 * * 5-1",
  "0 0 * nov-feb *",
  "5/20 3 * * 7",
  "0 0 ? * tue",
];
const INTERVALS: readonly (readonly [seconds: number, anchor: string])[] = [
  [60, "2026-11-22T00:00:13.250000Z"],
  [3600, "2020-01-01T00:00:00Z"],
  [86400, "2020-01-01T14:00:00Z"],
  [86400, "2026-03-01T07:30:00Z"],
  [86400, "2026-01-05T01:30:00Z"],
  [604800, "2024-06-03T06:00:00Z"],
  [172800, "2027-01-01T12:00:00Z"],
  [129600, "2025-12-31T23:00:00Z"],
  [90061.5, "2026-01-01T00:00:00Z"],
  [0.5, "2026-11-22T15:34:28Z"],
];
const RRULES = [
  "FREQ=DAILY",
  "FREQ=HOURLY;INTERVAL=6",
  "DTSTART:20261101T013000\nFREQ=DAILY;COUNT=5",
  "RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR;BYHOUR=9;BYMINUTE=30",
  "FREQ=MONTHLY;BYDAY=+2TU",
  "FREQ=MONTHLY;BYMONTHDAY=-1",
  "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;BYHOUR=2;BYMINUTE=30",
  "FREQ=DAILY;BYHOUR=2;BYMINUTE=30;BYSECOND=0",
  "DTSTART:20260101T000000\nRRULE:FREQ=DAILY;UNTIL=20261124T000000",
  "DTSTART:20260101T080000\nRRULE:FREQ=WEEKLY;BYDAY=MO\nRRULE:FREQ=WEEKLY;BYDAY=TH\nEXRULE:FREQ=MONTHLY;BYMONTHDAY=1",
  "DTSTART:20260101T080000\nRRULE:FREQ=DAILY\nEXDATE:20261123T080000\nRDATE:20261123T120000",
  "DTSTART:20261122T120000\nFREQ=MINUTELY;INTERVAL=90",
  "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
  "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,SU",
  "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
  "FREQ=YEARLY;BYYEARDAY=1,100,-1",
];
const SCHEDULES: readonly object[] = [
  ...CRONS.flatMap((cron) => [
    { cron, day_or: true },
    ...(/\d \* [a-z\d]+$/.test(cron) ? [{ cron, day_or: false }] : []),
  ]),
  ...INTERVALS.map(([interval, anchor_date]) => ({ interval, anchor_date })),
  ...RRULES.map((rrule) => ({ rrule })),
];
/**
 * The reference skips an hour here on Python before 3.13, which compares times of one zone by the wall clock: an hourly
 * interval asked for in the first of two equal hours.
 */
const SKIPPED_BY_PYTHON = new Set([
  "3600 America/New_York 2026-11-01T05:30:00Z",
  "3600 Europe/Berlin 2026-10-25T00:59:00Z",
]);
const COUNT = 6;
const DAYS_AHEAD = 4000;

const ORACLE = `
import json, sys, datetime
from prefect.server.schemas.schedules import IntervalSchedule, CronSchedule, RRuleSchedule
schedules, zones, starts, count, days = json.loads(sys.argv[1])
out = []
for schedule in schedules:
    kind = CronSchedule if "cron" in schedule else RRuleSchedule if "rrule" in schedule else IntervalSchedule
    for zone in zones:
        made = kind(**schedule, timezone=zone)
        for start in starts:
            begin = datetime.datetime.fromisoformat(start.replace("Z", "+00:00"))
            end = begin + datetime.timedelta(days=days)
            out.append([f"{date}" for date in made._get_dates_generator(n=count, start=begin, end=end)])
print(json.dumps(out))
`;

describe.skipIf(missing("reference-3.9.1"))("as the reference", () => {
  let expected: readonly (readonly string[])[];
  beforeAll(async () => {
    const args = [JSON.stringify([SCHEDULES, ZONES, STARTS, COUNT, DAYS_AHEAD])];
    const name = createHash("sha256")
      .update(args.join() + ORACLE)
      .digest("hex")
      .slice(0, 16);
    expected = JSON.parse(await cached(`schedule-dates-${name}.json`, () => runPython("3.9.1", ORACLE, { args })));
  }, 300_000);

  const cases = SCHEDULES.flatMap((schedule, s) =>
    ZONES.map((timezone, z) => ({ schedule, timezone, index: s * ZONES.length + z })),
  );

  test.each(cases)("$schedule in $timezone", ({ schedule, timezone, index }) => {
    const interval = "interval" in schedule ? schedule.interval : "";
    const starts = STARTS.filter((start) => !SKIPPED_BY_PYTHON.has(`${interval} ${timezone} ${start}`));
    const answers = starts.map((start) => {
      const end = new Date(Date.parse(start) + DAYS_AHEAD * 86_400_000).toISOString();
      const range = { start, end, maxCount: COUNT };
      return [
        start,
        ...Array.from(scheduleDates({ ...schedule, timezone } as ScheduleOutput, range), ({ printed }) => printed),
      ];
    });

    const wanted = starts.map((start) => [start, ...(expected[index * STARTS.length + STARTS.indexOf(start)] ?? [])]);
    expect(answers).toEqual(wanted);
  });
});

describe("what would never end does", () => {
  const range = { start: "2026-11-22T15:00:00Z", end: "2027-03-02T15:00:00Z", maxCount: 3 };
  const dates = (schedule: object) =>
    Array.from(scheduleDates({ timezone: "UTC", ...schedule } as ScheduleOutput, range), ({ at }) => at);

  test.each([
    ["a rule that never comes true", { rrule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" }],
    ["a rule that another takes out", { rrule: "FREQ=DAILY\nEXRULE:FREQ=DAILY" }],
    ["a step beyond the calendar", { rrule: "FREQ=DAILY;INTERVAL=999999999999" }],
    ["a cron expression that never comes true", { cron: "0 0 30 2 *", day_or: true }],
    ["an interval longer than time", { interval: 1e300, anchor_date: "2020-01-01T00:00:00Z" }],
  ])("%s has no times", (_title, schedule) => {
    expect(dates(schedule)).toEqual([]);
  });

  test.each([
    ["a count beyond reach", { rrule: "FREQ=DAILY;COUNT=99999999999999999999" }, "2026-11-23T00:00:00Z"],
    ["every second", { rrule: "FREQ=SECONDLY", timezone: "America/New_York" }, "2026-11-22T15:00:00Z"],
    [
      "an interval below a microsecond",
      { interval: 1e-9, anchor_date: "2020-01-01T00:00:00Z" },
      "2026-11-22T15:00:00Z",
    ],
    ["an anchor at the beginning", { interval: 86400, anchor_date: "0001-01-01T00:00:00Z" }, "2026-11-23T00:00:00Z"],
    ["an anchor at the end", { interval: 86400, anchor_date: "9999-12-31T00:00:00Z" }, "2026-11-23T00:00:00Z"],
  ])("%s has its times", (_title, schedule, first) => {
    expect(dates(schedule)[0]).toBe(first);
  });
});
