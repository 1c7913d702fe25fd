import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "../client/client.ts";
import { isUuid } from "../kit/ids.ts";
import type { FlowRunResponse as FlowRun } from "../schemas/flow-run.ts";
import { clock } from "./now.ts";
import { leaseSession } from "./session/shared-session.ts";
import { isFinal } from "./state.ts";

export interface RunDeploymentOptions {
  readonly parameters?: object;
  /** An ISO timestamp. @default now */
  readonly scheduledTime?: string;
  readonly flowRunName?: string;
  readonly tags?: readonly string[];
  readonly idempotencyKey?: string;
  readonly workQueueName?: string;
  readonly jobVariables?: object;
  /** How long to wait for the end; 0 returns at once. @default no limit */
  readonly timeoutSeconds?: number;
  /** @default 5 */
  readonly pollIntervalSeconds?: number;
}

/**
 * Creates a run of a deployment, named `flow/deployment` or by id, and waits for its end. Gives the run as last read, final
 * or not; a failed run is no error.
 */
export async function runDeployment(deployment: string, options: RunDeploymentOptions = {}): Promise<FlowRun> {
  await using lease = await leaseSession();
  const { client } = lease.session;
  const id = isUuid(deployment) ? deployment : await findDeploymentId(client, deployment);
  const run = await client.deployments.createFlowRun(id, {
    parameters: options.parameters ?? {},
    ...(options.scheduledTime && { state: scheduledAt(options.scheduledTime) }),
    ...(options.flowRunName && { name: options.flowRunName }),
    ...(options.tags && { tags: options.tags }),
    ...(options.idempotencyKey && { idempotency_key: options.idempotencyKey }),
    ...(options.workQueueName && { work_queue_name: options.workQueueName }),
    ...(options.jobVariables && { job_variables: options.jobVariables }),
  });
  return await waitForEnd(client, run, options);
}

function scheduledAt(scheduled_time: string) {
  return { type: "SCHEDULED", name: "Scheduled", state_details: { scheduled_time } } as const;
}

async function findDeploymentId(client: Client, name: string): Promise<string> {
  const [flowName = "", deploymentName = ""] = name.split("/");
  return (await client.deployments.readByName(flowName, deploymentName)).id;
}

async function waitForEnd(client: Client, run: FlowRun, options: RunDeploymentOptions): Promise<FlowRun> {
  const { timeoutSeconds = Number.POSITIVE_INFINITY, pollIntervalSeconds = 5 } = options;
  const deadlineMs = clock.nowMs() + timeoutSeconds * 1000;
  let current = run;
  while (!(current.state && isFinal(current.state)) && clock.nowMs() < deadlineMs) {
    await delay(Math.min(pollIntervalSeconds * 1000, deadlineMs - clock.nowMs()));
    current = await client.flowRuns.read(run.id);
  }
  return current;
}
