import { expect, test } from "vitest";
import { retryFailedFlows } from "../../../../src/domain/orchestration/flow-rules/retry-failed-flows.ts";
import type { StateFields } from "../../../../src/domain/orchestration/states.ts";
import { releaseDeploymentSlot } from "../../../../src/domain/orchestration/transforms/release-deployment-slot.ts";
import { FLOW_POLICY, flowRun, kinds, onlyTransform, propose } from "../support.ts";

const AWAITING = { type: "SCHEDULED", name: "AwaitingRetry" } as const;

test.each<{ from: StateFields; to: StateFields; deployment_id?: null; releases: boolean }>([
  { from: { type: "RUNNING" }, to: { type: "COMPLETED" }, releases: true },
  { from: { type: "RUNNING" }, to: { type: "PAUSED" }, releases: true },
  { from: { type: "RUNNING" }, to: AWAITING, releases: true },
  { from: { type: "PENDING" }, to: { type: "CRASHED" }, releases: true },
  { from: { type: "CANCELLING" }, to: { type: "CANCELLED" }, releases: true },
  { from: { type: "RUNNING" }, to: { type: "CANCELLING" }, releases: false },
  { from: { type: "PENDING" }, to: { type: "RUNNING" }, releases: false },
  { from: { type: "SCHEDULED" }, to: { type: "CANCELLED" }, releases: false },
  { from: { type: "RUNNING" }, to: { type: "COMPLETED" }, deployment_id: null, releases: false },
])("$from.type to $to.type of deployment $deployment_id gives the slot back: $releases", (example) => {
  const { from, to, deployment_id = "deployment", releases } = example;
  const decision = propose(onlyTransform(releaseDeploymentSlot), { run: flowRun({ deployment_id }), from, to });

  expect(kinds(decision)).toEqual(releases ? ["release-deployment-slot"] : []);
});

test.each([
  { lease: "lease", leaseId: "lease" },
  { lease: null, leaseId: null },
])("a slot held under $lease is given back under $leaseId", ({ lease, leaseId }) => {
  const decision = propose(onlyTransform(releaseDeploymentSlot), {
    run: flowRun({ deployment_id: "deployment" }),
    from: { type: "RUNNING", state_details: { deployment_concurrency_lease_id: lease } },
    to: { type: "COMPLETED" },
  });

  expect(decision.effects).toEqual([{ kind: "release-deployment-slot", deploymentId: "deployment", leaseId }]);
});

test("a run that retries in its process keeps its slot", () => {
  const policy = { name: "retry", rules: [retryFailedFlows], transforms: [releaseDeploymentSlot] };
  const run = flowRun({ deployment_id: "deployment", run_count: 1, empirical_policy: { ...FLOW_POLICY, retries: 1 } });

  expect(kinds(propose(policy, { run, from: { type: "RUNNING" }, to: { type: "FAILED" } }))).toEqual([]);
});
