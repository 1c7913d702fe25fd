import { expect, test } from "vitest";
import { cancelWithoutInfrastructure } from "../../../../src/domain/orchestration/flow-rules/cancel-without-infrastructure.ts";
import type { StateFields } from "../../../../src/domain/orchestration/states.ts";
import { flowRun, only, propose, summary } from "../support.ts";

const UNSTARTED = "REJECT CANCELLED: Scheduled flow run has no infrastructure to terminate.";
const SUSPENDED = "REJECT CANCELLED: Suspended flow run has no infrastructure to terminate.";

const cases: readonly { title: string; from: StateFields; pid?: string; expected: string }[] = [
  { title: "a scheduled run", from: { type: "SCHEDULED" }, expected: UNSTARTED },
  { title: "a scheduled run with a process", from: { type: "SCHEDULED" }, pid: "1", expected: "ACCEPT CANCELLING" },
  { title: "a resuming run", from: { type: "SCHEDULED", name: "Resuming" }, pid: "1", expected: UNSTARTED },
  {
    title: "a suspended run",
    from: { type: "PAUSED", state_details: { pause_reschedule: true } },
    expected: SUSPENDED,
  },
  { title: "a run paused in its process", from: { type: "PAUSED" }, expected: "ACCEPT CANCELLING" },
];

test.each(cases)("cancelling $title: $expected", ({ from, pid, expected }) => {
  const run = flowRun({ infrastructure_pid: pid ?? null });

  expect(summary(propose(only(cancelWithoutInfrastructure), { run, from, to: { type: "CANCELLING" } }))).toBe(expected);
});
