import { addSeconds } from "../../../kit/timestamp.ts";
import { clampedPoissonInterval } from "../delays.ts";
import type { TaskRunColumns } from "../facts.ts";
import { retriesOf } from "../retries.ts";
import { pass, type Rule } from "../rule.ts";
import { newState } from "../states.ts";

/** A failed task run with retries left waits to run again, unless its retry condition said no. */
export const retryFailedTasks: Rule<TaskRunColumns> = {
  name: "retry-failed-tasks",
  from: ["RUNNING"],
  to: ["FAILED"],
  decide(transition) {
    const { run, initial, proposed, now, random } = transition;
    const { retries } = retriesOf(run.empirical_policy);
    if (initial === null || proposed.state_details.retriable === false) return pass;
    if (retries === null || run.run_count > retries) return pass;
    return {
      kind: "replace",
      reason: "Retrying",
      state: newState(
        {
          type: "SCHEDULED",
          name: "AwaitingRetry",
          message: proposed.message,
          data: proposed.data,
          state_details: { scheduled_time: addSeconds(now, retryDelaySeconds(run, random)) },
        },
        transition,
      ),
    };
  },
};

function retryDelaySeconds({ run_count, empirical_policy }: TaskRunColumns, random: number): number {
  const { retryDelay } = retriesOf(empirical_policy);
  const { retry_jitter_factor: jitter } = empirical_policy;
  const seconds =
    typeof retryDelay === "object" ? retryDelay?.at(Math.min(run_count, retryDelay.length) - 1) : retryDelay;
  if (!seconds || seconds < 0 || !jitter) return seconds ?? 0;
  return clampedPoissonInterval(seconds, random, jitter);
}
