import { expect, test } from "vitest";
import { countFlowRuns, countTaskRuns } from "../../../../src/domain/orchestration/transforms/count-runs.ts";
import { FLOW_POLICY, flowRun, onlyTransform, propose, taskRun } from "../support.ts";

test.each([
  { to: "RUNNING", resuming: false, apiVersion: "0.8.4", run: { run_count: 2 } },
  { to: "RUNNING", resuming: true, apiVersion: "0.8.4", run: {} },
  { to: "RUNNING", resuming: true, apiVersion: "0.8.3", run: { run_count: 2 } },
  { to: "PENDING", resuming: false, apiVersion: "0.8.4", run: {} },
] as const)("a flow run entering $to, resuming $resuming, under API $apiVersion: $run", (example) => {
  const empirical_policy = { ...FLOW_POLICY, resuming: example.resuming };
  const decision = propose(onlyTransform(countFlowRuns), {
    run: flowRun({ run_count: 1, empirical_policy }),
    from: { type: "PENDING" },
    to: { type: example.to },
    client: { apiVersion: example.apiVersion },
  });

  expect(decision.run).toEqual(example.run);
});

test.each([
  { to: "RUNNING", run: { run_count: 2 } },
  { to: "COMPLETED", run: {} },
] as const)("a task run entering $to: $run", ({ to, run }) => {
  const asked = { run: taskRun({ run_count: 1 }), from: { type: "PENDING" }, to: { type: to } } as const;

  expect(propose(onlyTransform(countTaskRuns), asked).run).toEqual(run);
});
