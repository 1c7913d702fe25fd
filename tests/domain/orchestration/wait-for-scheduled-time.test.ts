import { expect, test } from "vitest";
import { waitForScheduledTime } from "../../../src/domain/orchestration/wait-for-scheduled-time.ts";
import { at, flowRun, only, propose, summary } from "./support.ts";

const wait = (seconds: number) => `WAIT ${seconds} -: Scheduled time is in the future`;

test.each([
  { ahead: 1.4, expected: wait(1) },
  { ahead: 1.500_001, expected: wait(2) },
  { ahead: 1.5, expected: wait(1) },
  { ahead: 0.5, expected: "ACCEPT RUNNING" },
  { ahead: 0.500_001, expected: wait(1) },
  { ahead: 0, expected: "ACCEPT RUNNING" },
  { ahead: -60, expected: "ACCEPT RUNNING" },
  { ahead: 86_400, expected: wait(86_400) },
  { ahead: null, expected: "ACCEPT RUNNING" },
])("a run scheduled $ahead s ahead: $expected", ({ ahead, expected }) => {
  const decision = propose(only(waitForScheduledTime), {
    run: flowRun(),
    from: { type: "PENDING", state_details: { scheduled_time: ahead === null ? null : at(ahead) } },
    to: { type: "RUNNING" },
  });

  expect(summary(decision)).toBe(expected);
});
