import { expect, test } from "vitest";
import type { FlowRunPolicy } from "../../../src/domain/orchestration/facts.ts";
import { judgeRunLease } from "../../../src/domain/orchestration/judge-run-lease.ts";
import { newState, type StateFields } from "../../../src/domain/orchestration/states.ts";
import type { Timestamp } from "../../../src/kit/timestamp.ts";
import { at, FLOW_POLICY, NOW } from "./support.ts";

interface Example {
  readonly title: string;
  readonly state: StateFields | null;
  /** When the run came into its state. */
  readonly since?: Timestamp;
  readonly heartbeat?: Timestamp;
  readonly attempt?: number;
  readonly policy?: Partial<FlowRunPolicy>;
  readonly verdict: string;
}

const IN_PROCESS = { retry_type: "in_process" } as const;
const retryAt = (scheduled_time: Timestamp): StateFields => ({
  type: "SCHEDULED",
  name: "AwaitingRetry",
  state_details: { scheduled_time },
});

test.each<Example>([
  { title: "a running one crashes", state: { type: "RUNNING" }, verdict: "crash" },
  {
    title: "one that began to run after its last heartbeat has a term from then",
    state: { type: "RUNNING" },
    since: at(-20),
    verdict: `wait ${at(80)}`,
  },
  {
    title: "one that was heard meanwhile has a term from then",
    state: { type: "RUNNING" },
    heartbeat: at(-1),
    verdict: `wait ${at(99)}`,
  },
  {
    title: "one that runs again, in a process that has not been heard of, is left alone",
    state: { type: "RUNNING" },
    attempt: 2,
    verdict: "end",
  },
  {
    title: "one that was retried in its process crashes",
    state: { type: "RUNNING" },
    attempt: 2,
    policy: IN_PROCESS,
    verdict: "crash",
  },
  {
    title: "one whose process sleeps until its retry has a term from then",
    state: retryAt(at(50)),
    policy: IN_PROCESS,
    verdict: `wait ${at(150)}`,
  },
  {
    title: "one whose process has not come back for its retry crashes",
    state: retryAt(at(-100)),
    policy: IN_PROCESS,
    verdict: "crash",
  },
  {
    title: "one that waits for another process is left alone",
    state: retryAt(at(-100)),
    policy: { retry_type: "reschedule" },
    verdict: "end",
  },
  { title: "one that pauses in its process crashes", state: { type: "PAUSED" }, verdict: "crash" },
  {
    title: "a suspended one is left alone",
    state: { type: "PAUSED", state_details: { pause_reschedule: true } },
    verdict: "end",
  },
  { title: "a cancelling one has a deadline of its own", state: { type: "CANCELLING" }, verdict: "end" },
  { title: "one that waits for infrastructure is left alone", state: { type: "PENDING" }, verdict: "end" },
  { title: "one that has ended is left alone", state: { type: "COMPLETED" }, verdict: "end" },
  { title: "one without a state is left alone", state: null, verdict: "end" },
])("of runs that have been silent for 100 s $title", (example) => {
  const { state, since = at(-200), heartbeat = at(-100), attempt = 1, policy = {}, verdict } = example;
  const judged = judgeRunLease(
    {
      run: { run_count: attempt, empirical_policy: { ...FLOW_POLICY, ...policy } },
      state: state && newState(state, { now: since, ids: { next: () => "state" } }),
      lease: { run_count: 1, last_heartbeat: heartbeat },
    },
    { now: NOW, leaseSeconds: 100 },
  );

  expect(judged.kind === "wait" ? `wait ${judged.until}` : judged.kind).toBe(verdict);
});
