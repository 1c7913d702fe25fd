import { expect, test } from "vitest";
import { carryLeaseIntoRunning } from "../../../../src/domain/orchestration/flow-rules/carry-lease-into-running.ts";
import { flowRun, only, propose } from "../support.ts";

test.each([
  { held: "lease", sent: "other", kept: "lease" },
  { held: null, sent: "other", kept: null },
])("a run submitted under $held and started under $sent runs under $kept", ({ held, sent, kept }) => {
  const decision = propose(only(carryLeaseIntoRunning), {
    run: flowRun(),
    from: { type: "PENDING", state_details: { deployment_concurrency_lease_id: held } },
    to: { type: "RUNNING", state_details: { deployment_concurrency_lease_id: sent } },
  });

  expect(decision.state?.state_details.deployment_concurrency_lease_id).toBe(kept);
});
