import { expect, test } from "vitest";
import type { DeploymentFact } from "../../../../src/domain/orchestration/facts.ts";
import { validateSlotAtRunning } from "../../../../src/domain/orchestration/flow-rules/validate-slot-at-running.ts";
import { factsFor } from "../../../../src/domain/orchestration/rule.ts";
import { flowRun, limited, only, propose, stored, summary } from "../support.ts";

const HELD = { type: "PENDING", state_details: { deployment_concurrency_lease_id: "lease" } } as const;
const RUN = flowRun({ deployment_id: "deployment" });

function start(deployment: DeploymentFact | null, hasDeploymentLease: boolean) {
  return propose(only(validateSlotAtRunning), {
    run: RUN,
    from: HELD,
    to: { type: "RUNNING", state_details: HELD.state_details },
    facts: { deployment, hasDeploymentLease },
    client: { version: "3.4.11" },
  });
}

test("a lease that still stands is renewed", () => {
  expect(start(limited(), true).effects).toEqual([{ kind: "renew-lease", leaseId: "lease", ttlSeconds: 300 }]);
});

test("a run whose lease was reclaimed takes another slot under a lease of its own", () => {
  const decision = start(limited(), false);

  expect(decision.state?.state_details.deployment_concurrency_lease_id).toBe("new-1");
  expect(decision.effects).toMatchObject([{ kind: "take-slots", holder: { type: "flow_run", id: "run" } }]);
});

test("a run whose lease was reclaimed while others took the slots is cancelled", () => {
  const decision = start(limited({ occupiedSlots: 1 }), false);

  expect(summary(decision)).toBe("REJECT CANCELLED: Deployment concurrency limit reached after lease expiry.");
  expect(decision.state?.message).toBe(
    "Deployment concurrency slot lost during provisioning - no slots available to continue execution",
  );
});

test.each([
  ["the deployment is gone", null],
  ["its limit was removed", { ...limited(), concurrency_limit: null }],
])("nothing is renewed when %s", (_title, deployment) => {
  expect(start(deployment, false)).toMatchObject({ status: "ACCEPT", effects: [] });
});

test.each([
  { version: "3.4.10", needed: [] },
  { version: "3.4.11.dev2", needed: [] },
  { version: "3.4.11", needed: ["deployment", "hasDeploymentLease"] },
  { version: "3.4.11+7.gabc", needed: ["deployment", "hasDeploymentLease"] },
  { version: undefined, needed: [] },
])("a client of version $version makes it ask for $needed", ({ version, needed }) => {
  const intent = {
    run: RUN,
    initial: stored(HELD),
    proposed: stored({ type: "RUNNING" }),
    client: version ? { version } : {},
  };

  expect([...factsFor(only(validateSlotAtRunning), intent)]).toEqual(needed);
});
