import { expect, test } from "vitest";
import { handleTerminalFlows } from "../../../../src/domain/orchestration/flow-rules/handle-terminal-flows.ts";
import type { StateFields } from "../../../../src/domain/orchestration/states.ts";
import { FLOW_POLICY, flowRun, only, propose, summary } from "../support.ts";

const RESULT = { type: "reference", storage_key: "key" };
const KEEPS_RESULT = "Cannot overwrite a COMPLETED state that carries persisted result data with one that does not.";

const cases: readonly { from: StateFields; to: StateFields; deployed?: boolean; expected: string }[] = [
  {
    from: { type: "FAILED" },
    to: { type: "CANCELLING" },
    expected: "ABORT -: Run is already in terminal state FAILED.",
  },
  { from: { type: "CRASHED" }, to: { type: "PAUSED" }, expected: "ABORT -: Run is already in terminal state CRASHED." },
  {
    from: { type: "COMPLETED" },
    to: { type: "CRASHED" },
    expected: "ABORT -: Run is already in terminal state COMPLETED.",
  },
  {
    from: { type: "COMPLETED", data: RESULT },
    to: { type: "RUNNING" },
    expected: "REJECT -: Run is already COMPLETED.",
  },
  { from: { type: "COMPLETED", data: { type: "unpersisted" } }, to: { type: "RUNNING" }, expected: "ACCEPT RUNNING" },
  { from: { type: "COMPLETED", data: {} }, to: { type: "RUNNING" }, expected: "ACCEPT RUNNING" },
  { from: { type: "COMPLETED", data: RESULT }, to: { type: "COMPLETED" }, expected: `REJECT -: ${KEEPS_RESULT}` },
  { from: { type: "COMPLETED", data: RESULT }, to: { type: "COMPLETED", data: RESULT }, expected: "ACCEPT COMPLETED" },
  { from: { type: "COMPLETED", data: RESULT }, to: { type: "FAILED" }, expected: "ACCEPT FAILED" },
  {
    from: { type: "FAILED" },
    to: { type: "SCHEDULED" },
    expected: "ABORT -: Cannot reschedule a run without an associated deployment.",
  },
  { from: { type: "FAILED" }, to: { type: "SCHEDULED" }, deployed: true, expected: "ACCEPT SCHEDULED" },
];

test.each(cases)("$from.type to $to.type: $expected", ({ from, to, deployed, expected }) => {
  const run = flowRun({ deployment_id: deployed ? "deployment" : null });

  expect(summary(propose(only(handleTerminalFlows), { run, from, to }))).toBe(expected);
});

test.each([
  { to: "SCHEDULED", apiVersion: "0.8.4", policy: { resuming: false, pause_keys: [], retry_type: "reschedule" } },
  { to: "RUNNING", apiVersion: "0.8.4", policy: { resuming: false, pause_keys: [], retry_type: null } },
  { to: "SCHEDULED", apiVersion: "0.8.3", policy: undefined },
  { to: "FAILED", apiVersion: "0.8.4", policy: undefined },
] as const)("leaving a terminal state for $to under API $apiVersion starts pauses over: $policy", (example) => {
  const used = { ...FLOW_POLICY, resuming: true, pause_keys: ["fired"], retry_type: "in_process" } as const;
  const decision = propose(only(handleTerminalFlows), {
    run: flowRun({ deployment_id: "deployment", empirical_policy: used }),
    from: { type: "FAILED" },
    to: { type: example.to },
    client: { apiVersion: example.apiVersion },
  });

  expect(decision.run.empirical_policy).toEqual(example.policy && { ...used, ...example.policy });
});
