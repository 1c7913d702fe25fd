import type { Clock } from "../kit/clock.ts";
import type { Ids } from "../kit/ids.ts";
import { type RunStepsOptions, runSteps, type StepReport, type StepsResult } from "./run-steps.ts";

export interface PullStepsOptions extends Omit<RunStepsOptions, "onEnd"> {
  readonly flowRunId: string;
  readonly deploymentId: string;
  readonly clock: Clock;
  readonly ids: Ids;
}

/**
 * Gets the code of a deployment to this machine, and tells of every step with the event
 * `prefect.flow-run.pull-step.executed` or `….failed`.
 */
export function runPullSteps(steps: readonly unknown[], options: PullStepsOptions): Promise<StepsResult> {
  return runSteps(steps, {
    ...options,
    // The event tells what happened; that nobody could be told is no reason to stop.
    onEnd: (report, outcome) =>
      options.client.events.create([eventOf(report, outcome, options)]).catch(() => undefined),
  });
}

function eventOf(report: StepReport, outcome: string, options: PullStepsOptions) {
  const { flowRunId, deploymentId, clock, ids } = options;
  return {
    id: ids.next(),
    occurred: clock.now(),
    event: `prefect.flow-run.pull-step.${outcome}`,
    resource: { "prefect.resource.id": `prefect.flow-run.${flowRunId}` },
    related: [{ "prefect.resource.id": `prefect.deployment.${deploymentId}`, "prefect.resource.role": "deployment" }],
    payload: { ...report },
    follows: null,
  };
}
