import { expect, test } from "vitest";
import { retryFailedFlows } from "../../../../src/domain/orchestration/flow-rules/retry-failed-flows.ts";
import type { StateFields } from "../../../../src/domain/orchestration/states.ts";
import { endRunLease } from "../../../../src/domain/orchestration/transforms/end-run-lease.ts";
import { FLOW_POLICY, flowRun, kinds, onlyTransform, propose } from "../support.ts";

test.each<{ from: StateFields | null; to: StateFields; run_count?: number; ends: boolean }>([
  { from: { type: "RUNNING" }, to: { type: "COMPLETED" }, ends: true },
  { from: { type: "RUNNING" }, to: { type: "SCHEDULED" }, ends: true },
  { from: { type: "SCHEDULED" }, to: { type: "PENDING" }, ends: true },
  { from: { type: "CANCELLING" }, to: { type: "CANCELLED" }, ends: true },
  { from: { type: "RUNNING" }, to: { type: "PAUSED", state_details: { pause_reschedule: true } }, ends: true },
  { from: { type: "RUNNING" }, to: { type: "PAUSED" }, ends: false },
  { from: { type: "RUNNING" }, to: { type: "CANCELLING" }, ends: false },
  { from: { type: "PAUSED" }, to: { type: "RUNNING" }, ends: false },
  { from: { type: "PENDING" }, to: { type: "CRASHED" }, run_count: 0, ends: false },
  { from: { type: "COMPLETED" }, to: { type: "FAILED" }, ends: false },
  { from: null, to: { type: "COMPLETED" }, ends: false },
])("$from.type to $to.type in attempt $run_count ends the lease: $ends", ({ from, to, run_count = 1, ends }) => {
  const decision = propose(onlyTransform(endRunLease), { run: flowRun({ run_count }), from, to });

  expect(kinds(decision)).toEqual(ends ? ["end-run-lease"] : []);
});

test("a run that retries in its process keeps its lease", () => {
  const policy = { name: "retry", rules: [retryFailedFlows], transforms: [endRunLease] };
  const run = flowRun({ run_count: 1, empirical_policy: { ...FLOW_POLICY, retries: 1 } });

  expect(kinds(propose(policy, { run, from: { type: "RUNNING" }, to: { type: "FAILED" } }))).toEqual([]);
});
