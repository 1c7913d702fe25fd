import { expect, test } from "vitest";
import { enforceCancellingToCancelled } from "../../../../src/domain/orchestration/flow-rules/enforce-cancelling-to-cancelled.ts";
import { flowRun, only, propose, summary } from "../support.ts";

const REFUSED = "REJECT -: Cannot transition flows that are cancelling to a state other than Cancelled.";

test.each([
  ["CANCELLED", "ACCEPT CANCELLED"],
  ["CANCELLING", REFUSED],
  ["COMPLETED", REFUSED],
  ["RUNNING", REFUSED],
] as const)("CANCELLING to %s: %s", (type, expected) => {
  const decision = propose(only(enforceCancellingToCancelled), {
    run: flowRun(),
    from: { type: "CANCELLING" },
    to: { type },
  });

  expect(summary(decision)).toBe(expected);
});
