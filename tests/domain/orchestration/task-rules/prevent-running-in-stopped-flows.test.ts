import { expect, test } from "vitest";
import type { StateFields } from "../../../../src/domain/orchestration/states.ts";
import { preventRunningInStoppedFlows } from "../../../../src/domain/orchestration/task-rules/prevent-running-in-stopped-flows.ts";
import { at, only, propose, stored, summary, taskRun } from "../support.ts";

const STOPPED = "ABORT -: The enclosing flow must be running to begin task execution.";

function start(flowState: StateFields | null) {
  return propose(only(preventRunningInStoppedFlows), {
    run: taskRun({ flow_run_id: "flow" }),
    from: { type: "PENDING" },
    to: { type: "RUNNING" },
    facts: { flowRun: { id: "flow", run_count: 1, state: flowState && stored(flowState) } },
  });
}

test.each<{ state: StateFields | null; expected: string }>([
  { state: { type: "RUNNING" }, expected: "ACCEPT RUNNING" },
  { state: { type: "CANCELLING" }, expected: STOPPED },
  { state: { type: "COMPLETED" }, expected: STOPPED },
  { state: null, expected: STOPPED },
  {
    state: { type: "PAUSED" },
    expected: "REJECT PAUSED NotReady: The flow is paused, new tasks can execute after resuming flow run: flow.",
  },
])("a task of a flow run in $state.type: $expected", ({ state, expected }) => {
  expect(summary(start(state))).toBe(expected);
});

test("a task that waits for its flow waits as long as the flow does", () => {
  const details = { pause_timeout: at(60), pause_reschedule: true };

  expect(start({ type: "PAUSED", state_details: details }).state?.state_details).toMatchObject(details);
});
