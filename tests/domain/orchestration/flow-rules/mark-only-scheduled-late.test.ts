import { expect, test } from "vitest";
import { markOnlyScheduledLate } from "../../../../src/domain/orchestration/flow-rules/mark-only-scheduled-late.ts";
import type { StateFields } from "../../../../src/domain/orchestration/states.ts";
import { flowRun, only, propose, summary } from "../support.ts";

const LATE = { type: "SCHEDULED", name: "Late" } as const;

test.each<{ from: StateFields | null; to: StateFields; expected: string }>([
  { from: { type: "SCHEDULED" }, to: LATE, expected: "ACCEPT SCHEDULED Late" },
  { from: LATE, to: LATE, expected: "REJECT -: This flow run is already marked late." },
  { from: { type: "RUNNING" }, to: LATE, expected: "REJECT -: Only scheduled flows can be marked late." },
  { from: { type: "RUNNING" }, to: { type: "SCHEDULED" }, expected: "ACCEPT SCHEDULED" },
  { from: null, to: LATE, expected: "ACCEPT SCHEDULED Late" },
])("$from.type $from.name to $to.name: $expected", ({ from, to, expected }) => {
  expect(summary(propose(only(markOnlyScheduledLate), { run: flowRun(), from, to }))).toBe(expected);
});
