import { describe, expect, test } from "vitest";
import {
  BackgroundTaskPolicy,
  ClientSideTaskPolicy,
  CoreFlowPolicy,
  CoreTaskPolicy,
  flowPolicyFor,
  MarkLateRunsPolicy,
  MinimalFlowPolicy,
  MinimalTaskPolicy,
  taskPolicyFor,
} from "../../../src/domain/orchestration/policies.ts";
import { tell } from "./story.ts";
import { at, FLOW_POLICY, flowRun, limited, stored, TASK_POLICY, taskRun } from "./support.ts";

const DEPLOYED = { deployment_id: "deployment" };
const NO_LIMIT = { deployment: { ...limited(), concurrency_limit: null } };

describe("a flow run", () => {
  test("runs to completion and its row tells when", () => {
    const story = tell({ run: flowRun(), policy: CoreFlowPolicy });

    expect(story.propose({ type: "PENDING" })).toBe("ACCEPT PENDING");
    expect(story.propose({ type: "RUNNING" })).toBe("ACCEPT RUNNING");
    story.wait(4);
    expect(story.propose({ type: "COMPLETED" })).toBe("ACCEPT COMPLETED");

    expect(story.run).toMatchObject({
      run_count: 1,
      state_type: "COMPLETED",
      expected_start_time: at(0),
      start_time: at(1),
      end_time: at(6),
      total_run_time: 5,
    });
    expect(story.effects.map(({ kind }) => kind)).toEqual([
      "emit-flow-run-event",
      "emit-flow-run-event",
      "end-run-lease",
      "emit-flow-run-event",
    ]);
  });

  test("that fails with retries left waits, runs again in its process and fails for good", () => {
    const policy = { ...FLOW_POLICY, retries: 1, retry_delay: 30 };
    const story = tell({ run: flowRun({ empirical_policy: policy }), policy: CoreFlowPolicy });
    story.propose({ type: "PENDING" });
    story.propose({ type: "RUNNING" });

    expect(story.propose({ type: "FAILED" })).toBe("REJECT SCHEDULED AwaitingRetry: Retrying");
    expect(story.run.empirical_policy.retry_type).toBe("in_process");
    expect(story.propose({ type: "RUNNING" })).toBe("WAIT 29 -: Scheduled time is in the future");
    story.wait(30);
    expect(story.propose({ type: "RUNNING" })).toBe("ACCEPT RUNNING");
    expect(story.propose({ type: "FAILED" })).toBe("ACCEPT FAILED");
    expect(story.run).toMatchObject({ run_count: 2, empirical_policy: { retry_type: null } });
  });

  test("of a deployment is submitted by one worker only, step by step", () => {
    const story = tell({ run: flowRun(DEPLOYED), policy: CoreFlowPolicy });
    story.propose({ type: "SCHEDULED" }, { policy: MinimalFlowPolicy });

    expect(story.propose({ type: "PENDING" }, { facts: NO_LIMIT })).toBe("ACCEPT PENDING");
    expect(story.propose({ type: "PENDING" })).toBe(
      "ABORT -: This run is in a PENDING state and cannot transition to a PENDING state.",
    );
    expect(story.propose({ type: "PENDING", name: "Submitting" })).toBe("ACCEPT PENDING Submitting");
    expect(story.propose({ type: "PENDING", name: "InfrastructurePending" })).toBe(
      "ACCEPT PENDING InfrastructurePending",
    );
    expect(story.propose({ type: "RUNNING" })).toBe("ACCEPT RUNNING");
    expect(story.propose({ type: "CRASHED" })).toBe("ACCEPT CRASHED");
  });

  test("of a limited deployment holds one slot from submission to its end", () => {
    const story = tell({ run: flowRun(DEPLOYED), policy: CoreFlowPolicy });
    const facts = { deployment: limited(), hasDeploymentLease: true };
    story.propose({ type: "SCHEDULED" }, { policy: MinimalFlowPolicy });
    story.propose({ type: "PENDING" }, { facts });
    story.propose({ type: "PENDING", name: "Submitting" });
    story.propose({ type: "RUNNING" }, { facts });
    story.propose({ type: "CANCELLING" });
    story.propose({ type: "CANCELLED" });

    const others = ["emit-flow-run-event", "watch-cancelling", "end-run-lease"];
    const slots = story.effects.filter(({ kind }) => !others.includes(kind));
    const [taken] = slots;
    const leaseId = taken?.kind === "take-slots" && taken.leaseId;
    expect(slots).toMatchObject([
      { kind: "take-slots", limitIds: ["limit"] },
      { kind: "renew-lease", leaseId },
      { kind: "release-deployment-slot", deploymentId: "deployment", leaseId },
    ]);
    expect(story.state?.type).toBe("CANCELLED");
  });

  test("that pauses and goes on counts as run twice and as resuming", () => {
    const story = tell({ run: flowRun(), policy: CoreFlowPolicy });
    story.propose({ type: "RUNNING" });

    expect(story.propose({ type: "PAUSED", state_details: { pause_key: "key", pause_timeout: at(60) } })).toBe(
      "ACCEPT PAUSED",
    );
    expect(story.propose({ type: "RUNNING" })).toBe("ACCEPT RUNNING");
    expect(story.run).toMatchObject({ run_count: 2, empirical_policy: { resuming: true, pause_keys: ["key"] } });
    expect(story.propose({ type: "PAUSED", state_details: { pause_key: "key" } })).toBe(
      "REJECT -: This pause has already fired.",
    );
  });

  test("that is suspended and resumed continues its attempt", () => {
    const story = tell({ run: flowRun(DEPLOYED), policy: CoreFlowPolicy });
    const suspended = { type: "PAUSED", name: "Suspended", state_details: { pause_reschedule: true } } as const;
    story.propose({ type: "RUNNING" });

    expect(story.propose(suspended)).toBe("ACCEPT PAUSED Suspended");
    expect(story.propose({ type: "SCHEDULED", name: "Resuming" })).toBe("ACCEPT SCHEDULED Resuming");
    expect(story.run.empirical_policy.resuming).toBe(true);
    expect(story.propose({ type: "PENDING" }, { facts: NO_LIMIT })).toBe("ACCEPT PENDING");
    expect(story.propose({ type: "RUNNING" })).toBe("ACCEPT RUNNING");
    expect(story.run).toMatchObject({ run_count: 1, empirical_policy: { resuming: false } });
  });

  test("becomes late once and keeps its time", () => {
    const story = tell({ run: flowRun(), policy: MarkLateRunsPolicy });
    const scheduled = { scheduled_time: at(-60) };
    story.propose({ type: "SCHEDULED", state_details: scheduled });
    const late = { type: "SCHEDULED", name: "Late", state_details: scheduled } as const;

    expect(story.propose(late)).toBe("ACCEPT SCHEDULED Late");
    expect(story.propose(late)).toBe("REJECT -: This flow run is already marked late.");
    expect(story.run).toMatchObject({ next_scheduled_start_time: at(-60), expected_start_time: at(-60) });
  });

  test("retried from the UI goes back to the workers", () => {
    const story = tell({ run: flowRun(DEPLOYED), policy: CoreFlowPolicy });
    story.propose({ type: "RUNNING" });
    story.propose({ type: "FAILED" });

    expect(story.propose({ type: "SCHEDULED", name: "AwaitingRetry" })).toBe("ACCEPT SCHEDULED AwaitingRetry");
    expect(story.run).toMatchObject({ end_time: null, empirical_policy: { retry_type: "reschedule" } });
  });

  test.each([{ force: true }, { force: false }])(
    "cancelled before it starts is over at once, force $force",
    ({ force }) => {
      const story = tell({ run: flowRun(DEPLOYED), policy: flowPolicyFor({ force }) });
      story.propose({ type: "SCHEDULED" });

      expect(story.propose({ type: "CANCELLING" })).toBe(
        "REJECT CANCELLED: Scheduled flow run has no infrastructure to terminate.",
      );
    },
  );

  test("that is a subflow takes its task run along", () => {
    const story = tell({ run: flowRun({ parent_task_run_id: "parent" }), policy: CoreFlowPolicy });
    story.propose({ type: "RUNNING" });
    story.propose({ type: "COMPLETED" });

    const mirrored = story.effects.filter(({ kind }) => kind === "mirror-subflow-state");
    expect(mirrored).toMatchObject([{ state: { type: "RUNNING" } }, { state: { type: "COMPLETED" } }]);
  });

  test("may be forced past every rule but the loss of a result", () => {
    const story = tell({ run: flowRun(), policy: MinimalFlowPolicy });
    story.propose({ type: "COMPLETED", data: { type: "reference" } });

    expect(story.propose({ type: "COMPLETED" })).toContain("REJECT -: Cannot overwrite a COMPLETED state");
    expect(story.propose({ type: "RUNNING" })).toBe("ACCEPT RUNNING");
    expect(story.propose({ type: "PENDING" })).toBe("ACCEPT PENDING");
  });
});

describe("a task run", () => {
  const flowRunning = { flowRun: { id: "flow", run_count: 1, state: stored({ type: "RUNNING" }) } };

  test("that fails twice and then succeeds has run three times", () => {
    const empirical_policy = { ...TASK_POLICY, retries: 2 };
    const story = tell({ run: taskRun({ flow_run_id: "flow", empirical_policy }), policy: CoreTaskPolicy });
    const run = () => story.propose({ type: "RUNNING" }, { facts: flowRunning });

    expect(run()).toBe("ACCEPT RUNNING");
    expect(story.propose({ type: "FAILED" })).toBe("REJECT SCHEDULED AwaitingRetry: Retrying");
    expect(run()).toBe("ACCEPT RUNNING Retrying");
    expect(story.propose({ type: "FAILED" })).toBe("REJECT SCHEDULED AwaitingRetry: Retrying");
    expect(run()).toBe("ACCEPT RUNNING Retrying");
    expect(story.propose({ type: "COMPLETED" })).toBe("ACCEPT COMPLETED");
    expect(story.run).toMatchObject({ run_count: 3, flow_run_run_count: 1, total_run_time: 3 });
  });

  test("of a retried flow starts its retries over", () => {
    const story = tell({ run: taskRun({ flow_run_id: "flow" }), policy: CoreTaskPolicy });
    story.propose({ type: "RUNNING" }, { facts: flowRunning });
    story.propose({ type: "FAILED" });
    const secondAttempt = { flowRun: { ...flowRunning.flowRun, run_count: 2 } };

    expect(story.propose({ type: "RUNNING" }, { facts: secondAttempt })).toBe("ACCEPT RUNNING Retrying");
    expect(story.run).toMatchObject({ run_count: 1, flow_run_run_count: 2 });
  });

  test("that cannot get a slot keeps its run count", () => {
    const story = tell({ run: taskRun({ tags: ["a"], run_count: 2 }), policy: CoreTaskPolicy });
    story.propose({ type: "FAILED" }, { policy: MinimalTaskPolicy });
    const full = { ...limited({ limit: 1, active_slots: 1, occupiedSlots: 1 }).concurrency_limit, tag: "a" };
    const tagLimits = { current: [{ ...full, avg_slot_occupancy_seconds: 2 } as never], legacy: [] };

    expect(story.propose({ type: "RUNNING" }, { facts: { flowRun: null, tagLimits } })).toBe(
      "WAIT 2 -: Concurrency limit reached for tags: a",
    );
    expect(story.run.run_count).toBe(2);
  });

  test("in the background goes from queue to worker with its parameters, once", () => {
    const story = tell({ run: taskRun(), policy: BackgroundTaskPolicy });
    const deferred = { deferred: true };

    expect(story.propose({ type: "SCHEDULED", state_details: { ...deferred, task_parameters_id: "p" } })).toBe(
      "ACCEPT SCHEDULED",
    );
    expect(story.propose({ type: "PENDING", state_details: deferred })).toBe("ACCEPT PENDING");
    expect(story.propose({ type: "PENDING", state_details: deferred })).toContain("ABORT");
    expect(story.state?.state_details.task_parameters_id).toBe("p");
    expect(story.effects.map(({ kind }) => kind)).toEqual(["enqueue-background-task"]);
  });
});

test.each([
  { force: false, deferred: false, policy: CoreTaskPolicy },
  { force: true, deferred: false, policy: MinimalTaskPolicy },
  { force: false, deferred: true, policy: BackgroundTaskPolicy },
  { force: true, deferred: true, policy: BackgroundTaskPolicy },
])("a task state, force $force, deferred $deferred, falls under $policy.name", ({ force, deferred, policy }) => {
  const proposed = stored({ type: "SCHEDULED", state_details: { deferred } });

  expect(taskPolicyFor({ force, proposed })).toBe(policy);
});

test("clients that look after tag limits are spared the server's", () => {
  const names = (policy: typeof CoreTaskPolicy) => policy.rules.map(({ name }) => name);

  expect(names(CoreTaskPolicy).filter((name) => !names(ClientSideTaskPolicy).includes(name))).toEqual([
    "secure-tag-slots",
  ]);
});
