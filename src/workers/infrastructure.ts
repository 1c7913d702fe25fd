import type { ExitStatus } from "../runner/exit-message.ts";
import type { DeploymentResponse as Deployment } from "../schemas/deployment.ts";
import type { Flow } from "../schemas/flow.ts";
import type { FlowRunResponse as FlowRun } from "../schemas/flow-run.ts";
import type { JobConfiguration } from "./job-configuration.ts";

/** One run with all that decides how it is carried out. */
export interface Job {
  readonly run: FlowRun;
  readonly flow: Flow;
  readonly deployment: Deployment | undefined;
  readonly configuration: JobConfiguration;
  /** Variables for the run, the configuration's included. */
  readonly env: Readonly<Record<string, string>>;
}

/** How a job ended, in the terms of its infrastructure. */
export interface JobEnd {
  /** What the infrastructure calls it: the number of a process, the name of a container. */
  readonly identifier: string;
  readonly status: ExitStatus;
}

export interface JobOptions {
  /** Ends the job; its reason is a StopReason. */
  readonly stop: AbortSignal;
  /** Told once the infrastructure has it, with its identifier. */
  readonly onStarted: (identifier: string) => void;
}

/** What one type of pool makes of a job. */
export interface Infrastructure {
  /** Resolves when nothing of the job is left and its run has a state that says so. Rejects when it cannot be started. */
  run(job: Job, options: JobOptions): Promise<JobEnd>;
}
