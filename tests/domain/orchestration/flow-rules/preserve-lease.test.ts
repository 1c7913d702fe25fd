import { expect, test } from "vitest";
import { preserveLease } from "../../../../src/domain/orchestration/flow-rules/preserve-lease.ts";
import { flowRun, only, propose } from "../support.ts";

test.each([
  { title: "follows the run when the caller drops it", held: "lease", sent: null, kept: "lease" },
  { title: "gives way to one the caller names", held: "lease", sent: "other", kept: "other" },
  { title: "is not invented", held: null, sent: null, kept: null },
])("a deployment lease $title", ({ held, sent, kept }) => {
  const decision = propose(only(preserveLease), {
    run: flowRun(),
    from: { type: "PENDING", state_details: { deployment_concurrency_lease_id: held } },
    to: { type: "PENDING", name: "Submitting", state_details: { deployment_concurrency_lease_id: sent } },
  });

  expect(decision.state?.state_details.deployment_concurrency_lease_id).toBe(kept);
});
