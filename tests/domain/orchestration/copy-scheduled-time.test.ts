import { expect, test } from "vitest";
import { copyScheduledTime } from "../../../src/domain/orchestration/copy-scheduled-time.ts";
import { at, flowRun, only, propose } from "./support.ts";

test.each([
  { sent: null, kept: at(5) },
  { sent: at(9), kept: at(9) },
])("a run scheduled for +5 s and pending for $sent keeps $kept", ({ sent, kept }) => {
  const decision = propose(only(copyScheduledTime), {
    run: flowRun(),
    from: { type: "SCHEDULED", state_details: { scheduled_time: at(5) } },
    to: { type: "PENDING", state_details: { scheduled_time: sent } },
  });

  expect(decision.state?.state_details.scheduled_time).toBe(kept);
});
