import { expect, test } from "vitest";
import { cancelLateWhenFull } from "../../../../src/domain/orchestration/flow-rules/cancel-late-when-full.ts";
import { flowRun, limited, only, propose, summary } from "../support.ts";

const CANCELLED = "REJECT CANCELLED: Deployment concurrency limit is full and uses the CANCEL_NEW strategy.";
const LATE = "ACCEPT SCHEDULED Late";

test.each([
  { strategy: "CANCEL_NEW", active: 1, expected: CANCELLED },
  { strategy: "CANCEL_NEW", active: 0, expected: LATE },
  { strategy: "ENQUEUE", active: 1, expected: LATE },
] as const)("a late run of a $strategy deployment with $active of 1 slots taken: $expected", (example) => {
  const decision = propose(only(cancelLateWhenFull), {
    run: flowRun({ deployment_id: "deployment" }),
    from: { type: "SCHEDULED" },
    to: { type: "SCHEDULED", name: "Late" },
    facts: {
      deployment: {
        ...limited({ active_slots: example.active }),
        concurrency_options: { collision_strategy: example.strategy },
      },
    },
  });

  expect(summary(decision)).toBe(example.expected);
});

test("a run rescheduled for another reason is left alone", () => {
  const asked = {
    run: flowRun({ deployment_id: "d" }),
    from: { type: "SCHEDULED" },
    to: { type: "SCHEDULED" },
  } as const;

  expect(summary(propose(only(cancelLateWhenFull), asked))).toBe("ACCEPT SCHEDULED");
});
