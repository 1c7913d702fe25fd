import { addSeconds } from "../../kit/timestamp.ts";
import { delayUnlessAborted } from "../delay.ts";
import { clock } from "../now.ts";
import { log } from "../runtime/log.ts";
import { newState, outcomeValue, type State } from "../state.ts";
import { describeError } from "./failures.ts";
import { delayBefore, withJitter } from "./retry-delay.ts";
import type { TaskAttempt } from "./run-task.ts";
import { runTaskHooks } from "./task-hooks.ts";

/** Waits and enters `Retrying` when the failed run has a retry left and its condition agrees; else false. */
export async function retryTask(attempt: TaskAttempt, failure: State, retriesSoFar: number): Promise<boolean> {
  const { run } = attempt.scope.taskRun;
  const { retries } = run.empirical_policy;
  const cause = describeError(outcomeValue(failure));
  if (retriesSoFar >= retries) {
    log.error(`Task run failed with exception: ${cause}${retries > 0 ? " - Retries are exhausted" : ""}`);
    return false;
  }
  if (!(await mayRetry(attempt, failure))) return false;

  const seconds = nextDelay(attempt, retriesSoFar);
  const when = seconds > 0 ? `${seconds} second(s) from now` : "immediately";
  log.info(`Task run failed with exception: ${cause} - Retry ${retriesSoFar + 1}/${retries} will start ${when}`);
  if (seconds > 0) await awaitRetry(attempt, seconds);
  const { taskRun } = attempt.scope;
  await runTaskHooks(taskRun, attempt.enter(newState("RUNNING", { name: "Retrying" })));
  return true;
}

async function awaitRetry(attempt: TaskAttempt, seconds: number): Promise<void> {
  const scheduled_time = addSeconds(clock.now(), seconds);
  attempt.enter(newState("SCHEDULED", { name: "AwaitingRetry", details: { scheduled_time } }));
  await delayUnlessAborted(seconds * 1000, attempt.stop);
}

function nextDelay(attempt: TaskAttempt, retriesSoFar: number): number {
  const { retry_delay, retry_jitter_factor } = attempt.scope.taskRun.run.empirical_policy;
  const seconds = delayBefore(retry_delay, retriesSoFar);
  return retry_jitter_factor && seconds > 0 ? withJitter(seconds, retry_jitter_factor, Math.random()) : seconds;
}

async function mayRetry(attempt: TaskAttempt, state: State): Promise<boolean> {
  const { definition, run } = attempt.scope.taskRun;
  const { retryIf } = definition.options;
  if (!retryIf) return true;
  try {
    return await retryIf({ error: outcomeValue(state), task: definition, taskRun: run, state });
  } catch (error) {
    log.error(
      `The retryIf condition of task '${definition.name}' threw, so the run is not retried: ${describeError(error)}`,
    );
    return false;
  }
}
