import { expect, test } from "vitest";
import type { FlowRunColumns } from "../../../../src/domain/orchestration/facts.ts";
import { handlePausingFlows } from "../../../../src/domain/orchestration/flow-rules/handle-pausing-flows.ts";
import type { StateFields } from "../../../../src/domain/orchestration/states.ts";
import { FLOW_POLICY, flowRun, only, propose, summary } from "../support.ts";

const PAUSE = { type: "PAUSED" } as const;
const SUSPEND = { type: "PAUSED", name: "Suspended", state_details: { pause_reschedule: true } } as const;
const FIRED = { empirical_policy: { ...FLOW_POLICY, pause_keys: ["key"] } };

const cases: readonly {
  title: string;
  run?: Partial<FlowRunColumns>;
  from?: StateFields | null;
  to: StateFields;
  expected: string;
}[] = [
  { title: "a running run", to: PAUSE, expected: "ACCEPT PAUSED" },
  { title: "a run without a state", from: null, to: PAUSE, expected: "ABORT -: Cannot pause flows with no state." },
  {
    title: "a pending run",
    from: { type: "PENDING" },
    to: SUSPEND,
    expected: "REJECT -: Cannot suspend flows that are not currently running.",
  },
  {
    title: "a run at a pause it has passed",
    run: FIRED,
    to: { type: "PAUSED", state_details: { pause_key: "key" } },
    expected: "REJECT -: This pause has already fired.",
  },
  {
    title: "a run at another pause",
    run: FIRED,
    to: { type: "PAUSED", state_details: { pause_key: "other" } },
    expected: "ACCEPT PAUSED",
  },
  { title: "a subflow, blocking", run: { parent_task_run_id: "parent" }, to: PAUSE, expected: "ACCEPT PAUSED" },
  {
    title: "a subflow",
    run: { parent_task_run_id: "parent" },
    to: SUSPEND,
    expected: "ABORT -: Cannot suspend subflows.",
  },
  { title: "a run without deployment", to: SUSPEND, expected: "ABORT -: Cannot suspend flows without a deployment." },
  { title: "a deployed run", run: { deployment_id: "d" }, to: SUSPEND, expected: "ACCEPT PAUSED Suspended" },
];

test.each(cases)("pausing $title: $expected", ({ run, from = { type: "RUNNING" }, to, expected }) => {
  expect(summary(propose(only(handlePausingFlows), { run: flowRun(run), from, to }))).toBe(expected);
});

test("a pause that fires is remembered and the inputs of its keyset are deleted", () => {
  const decision = propose(only(handlePausingFlows), {
    run: flowRun(FIRED),
    from: { type: "RUNNING" },
    to: { type: "PAUSED", state_details: { pause_key: "next", run_input_keyset: { schema: "s", response: "r" } } },
  });

  expect(decision.run.empirical_policy?.pause_keys).toEqual(["key", "next"]);
  expect(decision.effects).toEqual([{ kind: "delete-flow-run-inputs", flowRunId: "run", keys: ["s", "r"] }]);
});

test("a pause without a key gets one", () => {
  const decision = propose(only(handlePausingFlows), { run: flowRun(), from: { type: "RUNNING" }, to: PAUSE });

  expect(decision.run.empirical_policy?.pause_keys).toEqual(["new-1"]);
});
