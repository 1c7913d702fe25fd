import { expect, test } from "vitest";
import { endResuming } from "../../../../src/domain/orchestration/transforms/end-resuming.ts";
import { FLOW_POLICY, flowRun, onlyTransform, propose } from "../support.ts";

const RESUMING = { ...FLOW_POLICY, resuming: true };

test.each([
  { to: "RUNNING", apiVersion: "0.8.4", ends: true },
  { to: "CANCELLED", apiVersion: "0.8.4", ends: true },
  { to: "PENDING", apiVersion: "0.8.4", ends: false },
  { to: "RUNNING", apiVersion: "0.8.3", ends: false },
] as const)("entering $to under API $apiVersion ends resuming: $ends", ({ to, apiVersion, ends }) => {
  const decision = propose(onlyTransform(endResuming), {
    run: flowRun({ empirical_policy: RESUMING }),
    from: { type: "SCHEDULED" },
    to: { type: to },
    client: { apiVersion },
  });

  expect(decision.run).toEqual(ends ? { empirical_policy: { ...RESUMING, resuming: false } } : {});
});
