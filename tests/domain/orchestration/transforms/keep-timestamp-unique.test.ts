import { expect, test } from "vitest";
import { factsFor } from "../../../../src/domain/orchestration/rule.ts";
import { newState } from "../../../../src/domain/orchestration/states.ts";
import { keepTimestampUnique } from "../../../../src/domain/orchestration/transforms/keep-timestamp-unique.ts";
import { at, countingIds, flowRun, onlyTransform, propose, stored } from "../support.ts";

test.each([
  { taken: [], expected: at(0) },
  { taken: [at(0)], expected: at(0.000_001) },
  { taken: [at(0), at(0.000_001), at(0.000_003)], expected: at(0.000_002) },
])("a state at +0 s of a run with states at $taken is moved to $expected", ({ taken, expected }) => {
  const asked = { run: flowRun(), from: null, to: { type: "RUNNING" }, facts: { stateTimestamps: taken } } as const;

  expect(propose(onlyTransform(keepTimestampUnique), asked).state?.timestamp).toBe(expected);
});

test.each([
  { seconds: -9, needed: [] },
  { seconds: -10, needed: ["stateTimestamps"] },
  { seconds: -11, needed: ["stateTimestamps"] },
])("a state at $seconds s after one at -10 s needs $needed", ({ seconds, needed }) => {
  const proposed = newState({ type: "RUNNING" }, { now: at(seconds), ids: countingIds() });
  const intent = { run: flowRun(), initial: stored({ type: "PENDING" }), proposed, client: {} };

  expect([...factsFor(onlyTransform(keepTimestampUnique), intent)]).toEqual(needed);
});
