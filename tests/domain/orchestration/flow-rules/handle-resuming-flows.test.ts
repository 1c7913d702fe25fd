import { expect, test } from "vitest";
import type { FlowRunColumns } from "../../../../src/domain/orchestration/facts.ts";
import { handleResumingFlows } from "../../../../src/domain/orchestration/flow-rules/handle-resuming-flows.ts";
import type { StateFields } from "../../../../src/domain/orchestration/states.ts";
import { at, FLOW_POLICY, flowRun, only, propose, summary } from "../support.ts";

const PAUSED = { type: "PAUSED" } as const;
const SUSPENDED = { type: "PAUSED", name: "Suspended", state_details: { pause_reschedule: true } } as const;
const EXPIRED = { type: "PAUSED", state_details: { pause_timeout: at(-1) } } as const;
const RESUMING = { type: "SCHEDULED", name: "Resuming" } as const;

const cases: readonly {
  title: string;
  run?: Partial<FlowRunColumns>;
  from: StateFields;
  to: StateFields;
  expected: string;
}[] = [
  { title: "goes on", from: PAUSED, to: { type: "RUNNING" }, expected: "ACCEPT RUNNING" },
  { title: "ends", from: PAUSED, to: { type: "FAILED" }, expected: "ACCEPT FAILED" },
  {
    title: "cannot be submitted",
    from: PAUSED,
    to: { type: "PENDING" },
    expected: "REJECT -: This run cannot transition to the StateType.PENDING state from the StateType.PAUSED state.",
  },
  {
    title: "cannot come back without a deployment",
    from: SUSPENDED,
    to: RESUMING,
    expected: "REJECT -: Cannot reschedule a resuming flow run without a deployment.",
  },
  {
    title: "comes back",
    run: { deployment_id: "d" },
    from: SUSPENDED,
    to: RESUMING,
    expected: "ACCEPT SCHEDULED Resuming",
  },
  {
    title: "fails after its timeout",
    from: EXPIRED,
    to: { type: "RUNNING" },
    expected: "REJECT FAILED: The flow run pause has timed out and can no longer resume.",
  },
  {
    title: "may be cancelled after its timeout",
    from: EXPIRED,
    to: { type: "CANCELLING" },
    expected: "ACCEPT CANCELLING",
  },
];

test.each(cases)("a paused run $title: $expected", ({ run, from, to, expected }) => {
  expect(summary(propose(only(handleResumingFlows), { run: flowRun(run), from, to }))).toBe(expected);
});

test("a run that timed out says it was never resumed", () => {
  const decision = propose(only(handleResumingFlows), { run: flowRun(), from: EXPIRED, to: { type: "RUNNING" } });

  expect(decision.state?.message).toBe("The flow was running and never resumed.");
});

const USED = { ...FLOW_POLICY, pause_keys: ["key"] };
const OVER = { ...USED, pause_keys: [], retry_type: "reschedule" };

test.each<{ title: string; from: StateFields; to: StateFields; apiVersion?: string; policy: object }>([
  { title: "is resuming", from: PAUSED, to: { type: "RUNNING" }, policy: { ...USED, resuming: true } },
  {
    title: "is resuming even when refused",
    from: PAUSED,
    to: { type: "PENDING" },
    policy: { ...USED, resuming: true },
  },
  { title: "keeps its keys when it was suspended", from: SUSPENDED, to: RESUMING, policy: { ...USED, resuming: true } },
  { title: "starts over when its process ends", from: PAUSED, to: { type: "SCHEDULED" }, policy: OVER },
  {
    title: "is resuming for callers that do not know better",
    from: PAUSED,
    to: { type: "SCHEDULED" },
    apiVersion: "0.8.3",
    policy: { ...USED, resuming: true },
  },
])("a run that leaves a pause $title", ({ from, to, apiVersion, policy }) => {
  const decision = propose(only(handleResumingFlows), {
    run: flowRun({ deployment_id: "d", empirical_policy: USED }),
    from,
    to,
    client: apiVersion ? { apiVersion } : {},
  });

  expect(decision.run.empirical_policy).toEqual(policy);
});
