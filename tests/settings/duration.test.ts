import { expect, test } from "vitest";
import { describeDuration, formatDuration, parseDuration } from "../../src/settings/duration.ts";

test.each([
  ["PT1H", 3600],
  ["P1DT2H", 93_600],
  ["P1W", 604_800],
  ["P1Y", 31_536_000],
  ["P1.5D", 129_600],
  ["-PT5M", -300],
  ["PT1.5S", 1.5],
  ["01:00:00", 3600],
  ["02:30", 9000],
  ["1 day", 86_400],
  ["3 days, 1:02:03.5", 262_923.5],
  ["-1 day, 00:00:10", -86_410],
  ["15", 15],
])("the duration %s is %d seconds", (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each(["", "P", "PT", "soon", "1e3", "inf", "T", "pt5m"])("%j is no duration", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test.each([
  [0, "PT0S", "0:00:00"],
  [1.5, "PT1.5S", "0:00:01.500000"],
  [-90, "-PT1M30S", "-1 day, 23:58:30"],
  [129_600, "P1DT12H", "1 day, 12:00:00"],
  [34_560_000, "P1Y35D", "400 days, 0:00:00"],
  [0.0001, "PT0.0001S", "0:00:00.000100"],
])("%d seconds are written as the reference writes them", (seconds, iso, description) => {
  expect(formatDuration(seconds)).toBe(iso);
  expect(describeDuration(seconds)).toBe(description);
});
