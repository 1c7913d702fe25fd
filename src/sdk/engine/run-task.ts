import type { TaskDefinition } from "../definitions.ts";
import { RunAborted, UpstreamNotCompleted } from "../errors.ts";
import type { Parameters } from "../parameters/bind.ts";
import { captureConsole } from "../runtime/console-capture.ts";
import { emitLog } from "../runtime/log.ts";
import { enclosingSignal, runInScope, type Scope, type TaskRunScope } from "../runtime/scope.ts";
import type { Session } from "../session/session.ts";
import { displayState, isCompleted, newState, outcomeValue, type State } from "../state.ts";
import { callUserCode, validated } from "./call-user-code.ts";
import { rememberProducer, substituteResults, waitForUpstreams } from "./dependencies.ts";
import { crashedState, failedState } from "./failures.ts";
import { stateOfReturn } from "./final-state.ts";
import type { Limiter } from "./limiter.ts";
import { flowRunResource } from "./related.ts";
import { runBody } from "./run-body.ts";
import { resolveRunName } from "./run-name.ts";
import { occupyTagSlots } from "./tag-slots.ts";
import { runTaskHooks } from "./task-hooks.ts";
import { retryTask } from "./task-retry.ts";
import { taskRunEvent } from "./task-run-event.ts";
import { enterState, type TaskRunRecord } from "./task-run-record.ts";

export interface TaskRunJob {
  readonly session: Session;
  readonly definition: TaskDefinition;
  readonly run: TaskRunRecord;
  readonly parameters: Parameters;
  readonly waitFor: readonly unknown[];
  /** Where the run waits for its turn; a run called directly has none. */
  readonly limiter?: Limiter;
}

/** A task run under way. */
export interface TaskAttempt {
  readonly scope: Scope & { readonly session: Session; readonly taskRun: TaskRunScope };
  /** Ends the run from outside: the attempt of the flow or task it belongs to is over. */
  readonly stop: AbortSignal | undefined;
  /** Tells the API of a new state; the event is on its way when this returns. */
  enter(state: State): State;
}

/** Announces the run; its state is PENDING until `executeTaskRun` goes on with it. */
export function announceTaskRun(outer: Scope, job: TaskRunJob): TaskAttempt {
  const { definition, session } = job;
  const taskRun: TaskRunScope = {
    definition,
    run: job.run,
    parameters: job.parameters,
    signal: enclosingSignal(outer) ?? new AbortController().signal,
  };
  const logPrints =
    definition.options.logPrints ?? (outer.flowRun ? outer.logPrints : session.settings.logging.log_prints);
  const scope = { ...outer, session, taskRun, logPrints };
  const related = outer.flowRun ? [flowRunResource(outer.flowRun.run), ...outer.flowRun.related] : [];
  const emit = (previous: State | undefined) => {
    const event = taskRunEvent(taskRun.run, previous, related);
    taskRun.run = { ...taskRun.run, lastEvent: event };
    session.events.emit(event);
    return taskRun.run.state;
  };
  emit(undefined);
  return {
    scope,
    stop: enclosingSignal(outer),
    enter(state) {
      const previous = taskRun.run.state;
      taskRun.run = enterState(taskRun.run, state);
      return emit(previous);
    },
  };
}

/** Takes an announced run to its end. Resolves with the final state, whether the task succeeded or not. */
export async function executeTaskRun(attempt: TaskAttempt, job: TaskRunJob): Promise<State> {
  const { scope } = attempt;
  return runInScope(scope, async () => {
    try {
      return await startWhenReady(attempt, job);
    } catch (error) {
      if (RunAborted.is(error)) throw error;
      return crash(attempt, error);
    } finally {
      const { state } = scope.taskRun.run;
      emitLog(scope, isCompleted(state) ? "INFO" : "ERROR", `Finished in state ${displayState(state)}`);
    }
  });
}

async function startWhenReady(attempt: TaskAttempt, job: TaskRunJob): Promise<State> {
  const { scope } = attempt;
  const { definition } = job;
  const { id } = scope.taskRun.run;
  let parameters: Parameters;
  try {
    const upstreams = await waitForUpstreams([job.parameters, job.waitFor], { id, name: definition.name });
    substituteResults(job.waitFor, upstreams);
    parameters = substituteResults(job.parameters, upstreams);
  } catch (error) {
    if (!UpstreamNotCompleted.is(error)) throw error;
    return attempt.enter(newState("PENDING", { name: "NotReady", message: error.message, error }));
  }
  const start = () => startInTurn(attempt, { ...job, parameters });
  // The flow has ended without waiting: the run stays pending.
  return job.limiter ? ((await job.limiter.run(start)) ?? scope.taskRun.run.state) : start();
}

async function startInTurn(attempt: TaskAttempt, job: TaskRunJob): Promise<State> {
  const { signal, run } = attempt.scope.taskRun;
  await using _slots = await occupyTagSlots(job.session, { taskRunId: run.id, tags: run.tags, signal });
  await nameTaskRun(attempt, job.definition, job.parameters);
  return await runAttempts(attempt, job);
}

async function nameTaskRun(attempt: TaskAttempt, definition: TaskDefinition, parameters: Parameters): Promise<void> {
  const { taskRunName } = definition.options;
  if (taskRunName === undefined) return;
  const { taskRun } = attempt.scope;
  taskRun.run = { ...taskRun.run, name: await resolveRunName(taskRunName, parameters) };
}

async function runAttempts(attempt: TaskAttempt, job: TaskRunJob): Promise<State> {
  const { taskRun, flowRun } = attempt.scope;
  taskRun.run = { ...taskRun.run, flow_run_run_count: flowRun?.run.run_count ?? 0 };
  await runTaskHooks(taskRun, attempt.enter(newState("RUNNING")));
  for (let retries = 0; ; retries++) {
    const outcome = await runOnce(attempt, job);
    if (outcome.type === "FAILED" && (await retryTask(attempt, outcome, retries))) continue;
    const final = attempt.enter(outcome);
    if (isCompleted(final)) remember(attempt, final);
    await runTaskHooks(taskRun, final);
    return final;
  }
}

async function runOnce(attempt: TaskAttempt, job: TaskRunJob): Promise<State> {
  const { scope } = attempt;
  const { definition } = job;
  try {
    using _capture = scope.logPrints ? captureConsole() : undefined;
    const parameters = await validated(definition, job.parameters);
    const limits = {
      kind: "Task",
      timeoutSeconds: definition.options.timeoutSeconds,
      signal: scope.flowRun?.signal,
    } as const;
    const value = await runBody(limits, (signal) => {
      const { run } = Object.assign(scope.taskRun, { parameters, signal });
      return callUserCode(definition, parameters, {
        signal,
        run: { id: run.id, name: run.name, runCount: run.run_count },
      });
    });
    return await stateOfReturn(value);
  } catch (error) {
    if (attempt.stop?.aborted || RunAborted.is(error)) throw error;
    return failedState(error, "task");
  }
}

function remember({ scope }: TaskAttempt, final: State): void {
  rememberProducer(scope, outcomeValue(final), { input_type: "task_run", id: scope.taskRun.run.id });
}

function crash(attempt: TaskAttempt, error: unknown): State {
  const state = crashedState(error);
  emitLog(attempt.scope, "ERROR", `Crash detected! ${state.message}`);
  return attempt.enter(state);
}
