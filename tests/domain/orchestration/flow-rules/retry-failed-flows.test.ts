import { expect, test } from "vitest";
import type { FlowRunPolicy } from "../../../../src/domain/orchestration/facts.ts";
import { retryFailedFlows } from "../../../../src/domain/orchestration/flow-rules/retry-failed-flows.ts";
import { at, FLOW_POLICY, flowRun, only, propose, summary } from "../support.ts";

function fail(run_count: number, policy: Partial<FlowRunPolicy>, apiVersion?: string) {
  return propose(only(retryFailedFlows), {
    run: flowRun({ run_count, empirical_policy: { ...FLOW_POLICY, retry_type: "in_process", ...policy } }),
    from: { type: "RUNNING", state_details: { deployment_concurrency_lease_id: "lease" } },
    to: { type: "FAILED", message: "broken", data: { type: "reference" } },
    client: apiVersion ? { apiVersion } : {},
  });
}

test.each<{ attempt: number; policy: Partial<FlowRunPolicy>; expected: string }>([
  { attempt: 1, policy: { retries: null }, expected: "ACCEPT FAILED" },
  { attempt: 1, policy: { retries: 0 }, expected: "ACCEPT FAILED" },
  { attempt: 1, policy: { retries: 1 }, expected: "REJECT SCHEDULED AwaitingRetry: Retrying" },
  { attempt: 2, policy: { retries: 1 }, expected: "ACCEPT FAILED" },
  { attempt: 2, policy: { retries: null, max_retries: 3 }, expected: "REJECT SCHEDULED AwaitingRetry: Retrying" },
])("attempt $attempt failing under $policy: $expected", ({ attempt, policy, expected }) => {
  expect(summary(fail(attempt, policy))).toBe(expected);
});

test("the retry waits its delay, and keeps message, data and lease of the failed state", () => {
  expect(fail(1, { retries: 1, retry_delay: 60 }).state).toMatchObject({
    message: "broken",
    data: { type: "reference" },
    state_details: { scheduled_time: at(60), deployment_concurrency_lease_id: "lease" },
  });
});

test("the retry hides the run from workers and fires its pauses again", () => {
  const policy = fail(1, { retries: 1, resuming: true, pause_keys: ["key"], retry_type: null }).run.empirical_policy;

  expect(policy).toMatchObject({ resuming: false, pause_keys: [], retry_type: "in_process" });
});

test("a run out of retries may be retried by hand", () => {
  expect(fail(2, { retries: 1 }).run.empirical_policy).toMatchObject({ retry_type: null });
});

test.each([
  { apiVersion: "0.8.2", effects: [{ kind: "reset-failed-children", flowRunId: "run", scheduledTime: at(0) }] },
  { apiVersion: "0.8.3", effects: [] },
])("callers of API $apiVersion have failed children reset: $effects", ({ apiVersion, effects }) => {
  expect(fail(1, { retries: 1 }, apiVersion).effects).toEqual(effects);
});
