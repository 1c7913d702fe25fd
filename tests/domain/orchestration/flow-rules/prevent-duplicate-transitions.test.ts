import { expect, test } from "vitest";
import { preventDuplicateTransitions } from "../../../../src/domain/orchestration/flow-rules/prevent-duplicate-transitions.ts";
import { flowRun, only, propose, summary } from "../support.ts";

test.each([
  { current: "t1", proposed: "t1", expected: "REJECT -: This run has already made this state transition." },
  { current: "t1", proposed: "t2", expected: "ACCEPT RUNNING" },
  { current: null, proposed: null, expected: "ACCEPT RUNNING" },
  { current: null, proposed: "t1", expected: "ACCEPT RUNNING" },
])("transition $proposed after $current gives $expected", ({ current, proposed, expected }) => {
  const decision = propose(only(preventDuplicateTransitions), {
    run: flowRun(),
    from: { type: "PENDING", state_details: { transition_id: current } },
    to: { type: "RUNNING", state_details: { transition_id: proposed } },
  });

  expect(summary(decision)).toBe(expected);
});
