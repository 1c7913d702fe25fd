import { expect, test } from "vitest";
import type { TaskRunPolicy } from "../../../../src/domain/orchestration/facts.ts";
import { retryFailedTasks } from "../../../../src/domain/orchestration/task-rules/retry-failed-tasks.ts";
import { at, only, propose, summary, TASK_POLICY, taskRun } from "../support.ts";

function fail(run_count: number, policy: Partial<TaskRunPolicy>, retriable: boolean | null = null) {
  return propose(only(retryFailedTasks), {
    run: taskRun({ run_count, empirical_policy: { ...TASK_POLICY, ...policy } }),
    from: { type: "RUNNING" },
    to: { type: "FAILED", message: "broken", state_details: { retriable } },
  });
}

const AGAIN = "REJECT SCHEDULED AwaitingRetry: Retrying";

test.each<{ attempt: number; policy: Partial<TaskRunPolicy>; retriable?: boolean; expected: string }>([
  { attempt: 1, policy: {}, expected: "ACCEPT FAILED" },
  { attempt: 1, policy: { retries: 1 }, expected: AGAIN },
  { attempt: 2, policy: { retries: 1 }, expected: "ACCEPT FAILED" },
  { attempt: 1, policy: { retries: 1 }, retriable: false, expected: "ACCEPT FAILED" },
  { attempt: 1, policy: { retries: 1 }, retriable: true, expected: AGAIN },
])(
  "attempt $attempt failing under $policy, retriable $retriable: $expected",
  ({ attempt, policy, retriable, expected }) => {
    expect(summary(fail(attempt, policy, retriable))).toBe(expected);
  },
);

test.each<{ attempt: number; delay: TaskRunPolicy["retry_delay"]; jitter?: number; seconds: number }>([
  { attempt: 1, delay: null, seconds: 0 },
  { attempt: 1, delay: 1.5, seconds: 1.5 },
  { attempt: 1, delay: [1, 2, 3], seconds: 1 },
  { attempt: 3, delay: [1, 2, 3], seconds: 3 },
  { attempt: 9, delay: [1, 2, 3], seconds: 3 },
  { attempt: 0, delay: [1, 2, 3], seconds: 3 },
  { attempt: 1, delay: [], seconds: 0 },
  { attempt: 1, delay: 0, jitter: 0.5, seconds: 0 },
  { attempt: 1, delay: 100, jitter: 0.5, seconds: 97.280_384 },
])("retry $attempt of delays $delay with jitter $jitter waits $seconds s", ({ attempt, delay, jitter, seconds }) => {
  const decision = fail(attempt, { retries: 10, retry_delay: delay, retry_jitter_factor: jitter ?? null });

  expect(decision.state?.state_details.scheduled_time).toBe(at(seconds));
});
