import { copyScheduledTime } from "./copy-scheduled-time.ts";
import type { FlowRunColumns, State, TaskRunColumns } from "./facts.ts";
import { cancelLateWhenFull } from "./flow-rules/cancel-late-when-full.ts";
import { cancelWithoutInfrastructure } from "./flow-rules/cancel-without-infrastructure.ts";
import { carryLeaseIntoRunning } from "./flow-rules/carry-lease-into-running.ts";
import { enforceCancellingToCancelled } from "./flow-rules/enforce-cancelling-to-cancelled.ts";
import { forgetLeaseOfOldClients } from "./flow-rules/forget-lease-of-old-clients.ts";
import { handlePausingFlows } from "./flow-rules/handle-pausing-flows.ts";
import { handleResumingFlows } from "./flow-rules/handle-resuming-flows.ts";
import { handleTerminalFlows } from "./flow-rules/handle-terminal-flows.ts";
import { markOnlyScheduledLate } from "./flow-rules/mark-only-scheduled-late.ts";
import { preserveLease } from "./flow-rules/preserve-lease.ts";
import { preventDuplicateTransitions } from "./flow-rules/prevent-duplicate-transitions.ts";
import { preventResultLoss } from "./flow-rules/prevent-result-loss.ts";
import { retryFailedFlows } from "./flow-rules/retry-failed-flows.ts";
import { secureDeploymentSlot } from "./flow-rules/secure-deployment-slot.ts";
import { validateSlotAtRunning } from "./flow-rules/validate-slot-at-running.ts";
import { preventPendingTransitions } from "./prevent-pending-transitions.ts";
import type { Policy } from "./rule.ts";
import { copyTaskParametersId } from "./task-rules/copy-task-parameters-id.ts";
import { enqueueBackgroundTask } from "./task-rules/enqueue-background-task.ts";
import { handleTerminalTasks } from "./task-rules/handle-terminal-tasks.ts";
import { insertCachedState } from "./task-rules/insert-cached-state.ts";
import { preventRunningInStoppedFlows } from "./task-rules/prevent-running-in-stopped-flows.ts";
import { renameReruns } from "./task-rules/rename-reruns.ts";
import { retrieveCachedState } from "./task-rules/retrieve-cached-state.ts";
import { retryFailedTasks } from "./task-rules/retry-failed-tasks.ts";
import { secureTagSlots } from "./task-rules/secure-tag-slots.ts";
import { trackFlowRunAttempt } from "./task-rules/track-flow-run-attempt.ts";
import { addRunTime } from "./transforms/add-run-time.ts";
import { countFlowRuns, countTaskRuns } from "./transforms/count-runs.ts";
import { emitFlowRunEvent } from "./transforms/emit-flow-run-event.ts";
import { endResuming } from "./transforms/end-resuming.ts";
import { endRunLease } from "./transforms/end-run-lease.ts";
import { keepTimestampUnique } from "./transforms/keep-timestamp-unique.ts";
import { linkStateToFlowRun, linkStateToTaskRun } from "./transforms/link-state-to-run.ts";
import { mirrorSubflow } from "./transforms/mirror-subflow.ts";
import { recordExpectedStart } from "./transforms/record-expected-start.ts";
import { recordStartAndEnd } from "./transforms/record-start-and-end.ts";
import { recordState } from "./transforms/record-state.ts";
import { releaseDeploymentSlot } from "./transforms/release-deployment-slot.ts";
import { releaseTagSlots } from "./transforms/release-tag-slots.ts";
import { watchCancelling } from "./transforms/watch-cancelling.ts";
import { waitForScheduledTime } from "./wait-for-scheduled-time.ts";

const FLOW_TRANSFORMS: Policy<FlowRunColumns>["transforms"] = [
  watchCancelling,
  emitFlowRunEvent,
  endRunLease,
  // After-effects run backwards: the slot is free before the event that tells of it, the parent first of all.
  releaseDeploymentSlot,
  mirrorSubflow,
  // Before every transform that reads the state's timestamp.
  keepTimestampUnique,
  recordState,
  recordStartAndEnd,
  addRunTime,
  recordExpectedStart,
  linkStateToFlowRun,
  // Before the indicator it reads is cleared.
  countFlowRuns,
  endResuming,
];

const TASK_TRANSFORMS: Policy<TaskRunColumns>["transforms"] = [
  releaseTagSlots,
  recordState,
  recordStartAndEnd,
  addRunTime,
  recordExpectedStart,
  linkStateToTaskRun,
  countTaskRuns,
];

/** What workers and engines are held to. */
export const CoreFlowPolicy: Policy<FlowRunColumns> = {
  name: "core-flow",
  rules: [
    // First, so that every later rule sees the lease.
    preserveLease,
    // Before rules that would answer the repeated request differently from the first one.
    preventDuplicateTransitions,
    handleTerminalFlows,
    enforceCancellingToCancelled,
    cancelWithoutInfrastructure,
    // Before slots are taken: the worker that lost the race must not take one.
    preventPendingTransitions,
    carryLeaseIntoRunning,
    validateSlotAtRunning,
    secureDeploymentSlot,
    forgetLeaseOfOldClients,
    markOnlyScheduledLate,
    handlePausingFlows,
    handleResumingFlows,
    copyScheduledTime,
    waitForScheduledTime,
    retryFailedFlows,
  ],
  transforms: FLOW_TRANSFORMS,
};

/** What even a forced transition, and the server's own, are held to. */
export const MinimalFlowPolicy: Policy<FlowRunColumns> = {
  name: "minimal-flow",
  rules: [preserveLease, preventResultLoss, cancelWithoutInfrastructure],
  transforms: FLOW_TRANSFORMS,
};

export const MarkLateRunsPolicy: Policy<FlowRunColumns> = {
  name: "mark-late-runs",
  // Whether the run may be late at all comes before what its deployment makes of that.
  rules: [markOnlyScheduledLate, cancelLateWhenFull],
  // Late runs have no slot to give back.
  transforms: FLOW_TRANSFORMS.filter((transform) => transform !== releaseDeploymentSlot),
};

export const CoreTaskPolicy: Policy<TaskRunColumns> = {
  name: "core-task",
  rules: [
    // A cached state is returned even when the task could not run now.
    retrieveCachedState,
    // Before renaming: the run count it resets tells a rerun from a first run.
    handleTerminalTasks,
    // Before slots are taken: a task that may not run must not take one.
    preventRunningInStoppedFlows,
    secureTagSlots,
    copyScheduledTime,
    waitForScheduledTime,
    retryFailedTasks,
    renameReruns,
    trackFlowRunAttempt,
    insertCachedState,
  ],
  transforms: TASK_TRANSFORMS,
};

/** The core policy for clients that look after tag limits themselves. */
export const ClientSideTaskPolicy: Policy<TaskRunColumns> = {
  name: "client-side-task",
  rules: CoreTaskPolicy.rules.filter((rule) => rule !== secureTagSlots),
  transforms: TASK_TRANSFORMS,
};

export const BackgroundTaskPolicy: Policy<TaskRunColumns> = {
  name: "background-task",
  rules: [
    // First: two task workers may race for one task run.
    preventPendingTransitions,
    retrieveCachedState,
    handleTerminalTasks,
    copyScheduledTime,
    copyTaskParametersId,
    waitForScheduledTime,
    retryFailedTasks,
    renameReruns,
    trackFlowRunAttempt,
    insertCachedState,
    enqueueBackgroundTask,
  ],
  transforms: TASK_TRANSFORMS,
};

export const MinimalTaskPolicy: Policy<TaskRunColumns> = {
  name: "minimal-task",
  rules: [],
  transforms: TASK_TRANSFORMS,
};

/** The policy for a caller's request to change a flow run's state. */
export function flowPolicyFor(request: { readonly force: boolean }): Policy<FlowRunColumns> {
  return request.force ? MinimalFlowPolicy : CoreFlowPolicy;
}

/** The policy for a caller's request to change a task run's state; deferred states are background tasks, forced or not. */
export function taskPolicyFor(request: { readonly force: boolean; readonly proposed: State }): Policy<TaskRunColumns> {
  if (request.proposed.state_details.deferred) return BackgroundTaskPolicy;
  return request.force ? MinimalTaskPolicy : CoreTaskPolicy;
}
