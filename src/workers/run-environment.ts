import type { DeploymentResponse as Deployment } from "../schemas/deployment.ts";
import type { Flow } from "../schemas/flow.ts";
import type { FlowRunResponse as FlowRun } from "../schemas/flow-run.ts";

export interface RunFacts {
  readonly run: FlowRun;
  readonly flow: Flow;
  readonly deployment: Deployment | undefined;
  readonly workerName: string;
}

/**
 * The variables of a run: the worker's settings, which run it is and whose, and above them those of its configuration,
 * where null takes one of the others away.
 */
export function runEnvironment(
  facts: RunFacts,
  settings: Readonly<Record<string, string>>,
  configured: Readonly<Record<string, string | null>>,
): Readonly<Record<string, string>> {
  const all = { ...settings, ...attribution(facts), ...configured };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null));
}

function attribution({ run, flow, deployment, workerName }: RunFacts): Record<string, string | null> {
  return {
    PREFECT__FLOW_RUN_ID: run.id,
    PREFECT__WORKER_NAME: workerName,
    PREFECT__FLOW_ID: run.flow_id,
    PREFECT__FLOW_NAME: flow.name,
    PREFECT__DEPLOYMENT_ID: run.deployment_id,
    PREFECT__DEPLOYMENT_NAME: deployment?.name ?? null,
  };
}
