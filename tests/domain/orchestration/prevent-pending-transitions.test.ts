import { expect, test } from "vitest";
import { preventPendingTransitions } from "../../../src/domain/orchestration/prevent-pending-transitions.ts";
import type { StateFields } from "../../../src/domain/orchestration/states.ts";
import { at, flowRun, only, propose, summary } from "./support.ts";

const refused = (type: string) => `ABORT -: This run is in a ${type} state and cannot transition to a PENDING state.`;
const PENDING = { type: "PENDING" } as const;
const SUBMITTING = { type: "PENDING", name: "Submitting" } as const;

test.each<{ from: StateFields; to: StateFields; expected: string }>([
  { from: { type: "SCHEDULED" }, to: PENDING, expected: "ACCEPT PENDING" },
  { from: PENDING, to: PENDING, expected: refused("PENDING") },
  { from: PENDING, to: SUBMITTING, expected: "ACCEPT PENDING Submitting" },
  { from: SUBMITTING, to: SUBMITTING, expected: refused("PENDING") },
  { from: SUBMITTING, to: PENDING, expected: refused("PENDING") },
  { from: { type: "RUNNING" }, to: SUBMITTING, expected: refused("RUNNING") },
  { from: { type: "CANCELLING" }, to: PENDING, expected: refused("CANCELLING") },
  { from: { type: "CANCELLED" }, to: PENDING, expected: refused("CANCELLED") },
  { from: { type: "FAILED" }, to: PENDING, expected: "ACCEPT PENDING" },
])("$from.type $from.name to $to.type $to.name: $expected", ({ from, to, expected }) => {
  expect(summary(propose(only(preventPendingTransitions), { run: flowRun(), from, to }))).toBe(expected);
});

test("moving on within PENDING keeps the scheduled time and the lease", () => {
  const held = { scheduled_time: at(-5), deployment_concurrency_lease_id: "lease" };
  const from = { type: "PENDING", state_details: held } as const;

  const decision = propose(only(preventPendingTransitions), { run: flowRun(), from, to: SUBMITTING });

  expect(decision.state?.state_details).toMatchObject(held);
});
