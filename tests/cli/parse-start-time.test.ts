import { expect, test } from "vitest";
import { parseStartAt, parseStartIn } from "../../src/cli/parse-start-time.ts";

const NOW = "2026-03-04T12:00:00.000Z";

test.each([
  ["5 minutes", "2026-03-04T12:05:00.000Z"],
  ["in 1 hour and 30 minutes", "2026-03-04T13:30:00.000Z"],
  ["90s", "2026-03-04T12:01:30.000Z"],
  ["an hour", "2026-03-04T13:00:00.000Z"],
  ["1.5 days", "2026-03-06T00:00:00.000Z"],
  ["2 weeks", "2026-03-18T12:00:00.000Z"],
  ["soon", undefined],
  ["5 parsecs", undefined],
  ["5 minutes maybe", undefined],
  ["", undefined],
])("in %s is %s", (text, expected) => {
  const found = parseStartIn(text, Date.parse(NOW));

  expect(found && new Date(found).toISOString()).toBe(expected);
});

test.each([
  ["5:30pm", "2026-03-04T17:30:00.000Z"],
  ["at 17:30", "2026-03-04T17:30:00.000Z"],
  ["9am", "2026-03-05T09:00:00.000Z"],
  ["12am", "2026-03-05T00:00:00.000Z"],
  ["12:15 PM", "2026-03-04T12:15:00.000Z"],
  ["tomorrow at 9am", "2026-03-05T09:00:00.000Z"],
  ["today 11:00", "2026-03-04T11:00:00.000Z"],
  ["tomorrow", "2026-03-05T12:00:00.000Z"],
  ["2026-08-01", "2026-08-01T00:00:00.000Z"],
  ["2026-08-01 17:30", "2026-08-01T17:30:00.000Z"],
  ["2026-08-01 17:30:05", "2026-08-01T17:30:05.000Z"],
  ["2026-08-01T17:30:00+02:00", "2026-08-01T15:30:00.000Z"],
  ["25:00", undefined],
  ["whenever", undefined],
  ["17", undefined],
])("at %s is %s", (text, expected) => {
  const found = parseStartAt(text, Date.parse(NOW));

  expect(found && new Date(found).toISOString()).toBe(expected);
});
