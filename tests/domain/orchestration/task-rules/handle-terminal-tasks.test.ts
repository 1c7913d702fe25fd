import { expect, test } from "vitest";
import type { StateFields } from "../../../../src/domain/orchestration/states.ts";
import { handleTerminalTasks } from "../../../../src/domain/orchestration/task-rules/handle-terminal-tasks.ts";
import { only, propose, summary, taskRun } from "../support.ts";

const RESULT = { type: "reference" };

test.each<{ from: StateFields; to: StateFields; attempt?: number; expected: string; run_count?: number }>([
  { from: { type: "FAILED" }, to: { type: "CRASHED" }, expected: "ABORT -: Run is already FAILED." },
  { from: { type: "COMPLETED" }, to: { type: "PAUSED" }, expected: "ABORT -: Run is already COMPLETED." },
  {
    from: { type: "COMPLETED", data: RESULT },
    to: { type: "RUNNING" },
    expected: "REJECT -: This run is already completed.",
  },
  {
    from: { type: "COMPLETED", data: RESULT },
    to: { type: "FAILED" },
    expected: "REJECT -: This run is already completed.",
  },
  {
    from: { type: "COMPLETED", data: { type: "unpersisted" } },
    to: { type: "RUNNING" },
    expected: "ACCEPT RUNNING",
    run_count: 0,
  },
  { from: { type: "FAILED" }, to: { type: "RUNNING" }, attempt: 2, expected: "ACCEPT RUNNING Retrying", run_count: 0 },
  { from: { type: "FAILED" }, to: { type: "SCHEDULED" }, attempt: 2, expected: "ACCEPT SCHEDULED", run_count: 0 },
  { from: { type: "FAILED" }, to: { type: "COMPLETED" }, expected: "ACCEPT COMPLETED" },
])(
  "$from.type to $to.type in attempt $attempt of its flow: $expected",
  ({ from, to, attempt, expected, run_count }) => {
    const run = taskRun({ run_count: 3, flow_run_id: "flow", flow_run_run_count: 1 });
    const facts = { flowRun: { id: "flow", run_count: attempt ?? 1, state: null } };
    const decision = propose(only(handleTerminalTasks), { run, from, to, facts });

    expect(summary(decision)).toBe(expected);
    expect(decision.run.run_count).toBe(run_count);
  },
);
