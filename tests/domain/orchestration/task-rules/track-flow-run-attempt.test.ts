import { expect, test } from "vitest";
import { EnclosingFlowRunMissing } from "../../../../src/domain/orchestration/errors.ts";
import { trackFlowRunAttempt } from "../../../../src/domain/orchestration/task-rules/track-flow-run-attempt.ts";
import { only, propose, taskRun } from "../support.ts";

const ASKED = { from: { type: "PENDING" }, to: { type: "RUNNING" } } as const;
const IN_FLOW = taskRun({ flow_run_id: "flow" });

test("a task run remembers its flow run's attempt", () => {
  const facts = { flowRun: { id: "flow", run_count: 2, state: null } };

  expect(propose(only(trackFlowRunAttempt), { ...ASKED, run: IN_FLOW, facts }).run).toEqual({ flow_run_run_count: 2 });
});

test("a task run without a flow run has no attempt to remember", () => {
  expect(propose(only(trackFlowRunAttempt), { ...ASKED, run: taskRun() }).run).toEqual({});
});

test("a task run whose flow run was deleted is an error", () => {
  const start = () => propose(only(trackFlowRunAttempt), { ...ASKED, run: IN_FLOW, facts: { flowRun: null } });

  expect(start).toThrow(EnclosingFlowRunMissing("run").message);
});
