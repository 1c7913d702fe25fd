import { expect, test } from "vitest";
import { matchesLog } from "../../../src/domain/logs/match-log.ts";
import { LogFilter } from "../../../src/schemas/filters/log-filter.ts";

const RUN = "00000000-0000-4000-8000-000000000001";
const OTHER = "00000000-0000-4000-8000-000000000002";
const LOG = {
  name: "prefect.flow_runs",
  level: 30,
  message: "Something Happened",
  timestamp: "2030-01-01T00:00:00.5Z",
  flow_run_id: RUN,
  task_run_id: null,
};

test.each([
  [{}, true],
  [{ level: { ge_: 30, le_: 30 } }, true],
  [{ level: { ge_: 31 } }, false],
  [{ level: { ge_: 20, le_: 29 } }, false],
  [{ timestamp: { after_: "2030-01-01T00:00:00.5Z", before_: "2030-01-01T00:00:00.5Z" } }, true],
  [{ timestamp: { after_: "2030-01-01T00:00:00.500001Z" } }, false],
  [{ timestamp: { before_: "2030-01-01T00:00:00Z" } }, false],
  [{ flow_run_id: { any_: [OTHER, RUN] } }, true],
  [{ flow_run_id: { any_: [] } }, false],
  [{ task_run_id: { any_: [RUN] } }, false],
  [{ task_run_id: { is_null_: true } }, true],
  [{ task_run_id: { is_null_: false } }, false],
  [{ text: { query: "happened" } }, true],
  [{ text: { query: "flow_runs -happened" } }, false],
  [{ text: { query: " " } }, true],
  [{ level: { ge_: 40 }, flow_run_id: { any_: [RUN] } }, false],
  [{ operator: "or_", level: { ge_: 40 }, flow_run_id: { any_: [RUN] } }, true],
  [{ operator: "or_", level: { ge_: 20, le_: 29 }, text: { query: "" } }, false],
])("%j on a log of a flow run: %j", (input, isMatch) => {
  const filter = LogFilter.parse(input);
  if (!filter.ok) throw new Error(JSON.stringify(filter.errors));

  expect(matchesLog(filter.value, LOG)).toBe(isMatch);
});
