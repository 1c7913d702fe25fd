import { expect, test } from "vitest";
import type { DeploymentFact } from "../../../../src/domain/orchestration/facts.ts";
import { secureDeploymentSlot } from "../../../../src/domain/orchestration/flow-rules/secure-deployment-slot.ts";
import { at, flowRun, limited, only, propose, summary } from "../support.ts";

const FULL = { limit: 2, active_slots: 2, occupiedSlots: 2 };
const REACHED = "Deployment concurrency limit reached.";

function submit(deployment: DeploymentFact | null, version = "3.9.1") {
  return propose(only(secureDeploymentSlot), {
    run: flowRun({ deployment_id: "deployment" }),
    from: { type: "SCHEDULED" },
    to: { type: "PENDING" },
    facts: { deployment },
    client: { version },
  });
}

test.each([
  { title: "that is gone", deployment: null, expected: "ABORT -: Deployment not found." },
  { title: "without a limit", deployment: { ...limited(), concurrency_limit: null }, expected: "ACCEPT PENDING" },
  {
    title: "limited to 0",
    deployment: limited({ limit: 0 }),
    expected: "ABORT -: The deployment concurrency limit is 0. The flow will deadlock if submitted again.",
  },
  { title: "with a free slot", deployment: limited({ limit: 2, occupiedSlots: 1 }), expected: "ACCEPT PENDING" },
  {
    title: "that is full",
    deployment: limited(FULL),
    expected: `REJECT SCHEDULED AwaitingConcurrencySlot: ${REACHED}`,
  },
  {
    title: "whose limit is switched off",
    deployment: limited({ active: false }),
    expected: `REJECT SCHEDULED AwaitingConcurrencySlot: ${REACHED}`,
  },
  {
    title: "that is full and cancels new runs",
    deployment: { ...limited(FULL), concurrency_options: { collision_strategy: "CANCEL_NEW" as const } },
    expected: `REJECT CANCELLED: ${REACHED}`,
  },
])("submitting a run of a deployment $title: $expected", ({ deployment, expected }) => {
  expect(summary(submit(deployment))).toBe(expected);
});

test("a run that gets a slot holds it under a lease for the server's grace period", () => {
  const decision = submit(limited());

  expect(decision.state?.state_details.deployment_concurrency_lease_id).toBe("new-1");
  expect(decision.effects).toEqual([
    { kind: "take-slots", limitIds: ["limit"], leaseId: "new-1", ttlSeconds: 300, holder: null },
  ]);
});

test("a deployment's own grace period goes before the server's", () => {
  const options = { collision_strategy: "ENQUEUE", grace_period_seconds: 90 } as const;

  expect(submit({ ...limited(), concurrency_options: options }).effects).toMatchObject([{ ttlSeconds: 90 }]);
});

test("a run that finds no slot is scheduled again in 30 s, or cancelled with a message", () => {
  const options = { collision_strategy: "CANCEL_NEW" } as const;

  expect(submit(limited(FULL)).state?.state_details.scheduled_time).toBe(at(30));
  expect(submit({ ...limited(FULL), concurrency_options: options }).state?.message).toBe(REACHED);
});

test("workers that take slots themselves are left to it", () => {
  expect(submit(limited(FULL), "3.0.0rc20").effects).toEqual([]);
});
