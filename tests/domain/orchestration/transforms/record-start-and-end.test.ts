import { expect, test } from "vitest";
import type { StateType } from "../../../../src/domain/orchestration/facts.ts";
import { recordStartAndEnd } from "../../../../src/domain/orchestration/transforms/record-start-and-end.ts";
import { at, flowRun, onlyTransform, propose } from "../support.ts";

const cases: readonly { from: StateType | null; to: StateType; start?: string; end?: string; expected: object }[] = [
  { from: "PENDING", to: "RUNNING", expected: { start_time: at(0) } },
  { from: "SCHEDULED", to: "RUNNING", start: at(-50), expected: {} },
  { from: "RUNNING", to: "PAUSED", start: at(-50), expected: {} },
  { from: "RUNNING", to: "COMPLETED", start: at(-50), expected: { start_time: at(-50), end_time: at(0) } },
  { from: "PENDING", to: "CRASHED", expected: { start_time: at(0), end_time: at(0) } },
  { from: "COMPLETED", to: "FAILED", start: at(-50), end: at(-10), expected: {} },
  { from: "FAILED", to: "SCHEDULED", start: at(-50), end: at(-10), expected: { end_time: null } },
  { from: "FAILED", to: "RUNNING", start: at(-50), end: at(-10), expected: { end_time: null } },
  { from: "CANCELLED", to: "RUNNING", end: at(-10), expected: { start_time: at(0), end_time: null } },
];

test.each(cases)("$from to $to, started $start, ended $end: $expected", ({ from, to, start, end, expected }) => {
  const run = flowRun({ start_time: start ?? null, end_time: end ?? null });
  const decision = propose(onlyTransform(recordStartAndEnd), { run, from: from && { type: from }, to: { type: to } });

  expect(decision.run).toEqual(expected);
});
