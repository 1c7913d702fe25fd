import { ApiNotFound } from "../../client/errors.ts";
import type { FlowRunResponse as FlowRun } from "../../schemas/flow-run.ts";
import type { Session } from "../session/session.ts";
import { type Related, tagResource } from "./task-run-event.ts";

/** What the events of a flow run, and of the tasks in it, are related to besides the run itself. */
export async function relatedResources(session: Session, run: FlowRun, flowName: string): Promise<readonly Related[]> {
  return [
    resource("flow", run.flow_id, flowName),
    ...(await deploymentResources(session, run)),
    ...run.tags.toSorted().map(tagResource),
  ];
}

export function flowRunResource(run: FlowRun): Related {
  return resource("flow-run", run.id, run.name);
}

async function deploymentResources(session: Session, run: FlowRun): Promise<readonly Related[]> {
  if (run.deployment_id === null) return [];
  const name = await deploymentName(session, run.deployment_id);
  const { work_queue_id, work_queue_name, work_pool_id, work_pool_name } = run;
  return [
    ...(name === undefined ? [] : [resource("deployment", run.deployment_id, name)]),
    ...(work_queue_id && work_queue_name ? [resource("work-queue", work_queue_id, work_queue_name)] : []),
    ...(work_pool_id && work_pool_name ? [resource("work-pool", work_pool_id, work_pool_name)] : []),
  ];
}

async function deploymentName(session: Session, id: string): Promise<string | undefined> {
  try {
    return (await session.client.deployments.read(id)).name;
  } catch (error) {
    if (ApiNotFound.is(error)) return undefined;
    throw error;
  }
}

function resource(kind: string, id: string, name: string): Related {
  return {
    "prefect.resource.id": `prefect.${kind}.${id}`,
    "prefect.resource.role": kind,
    "prefect.resource.name": name,
  };
}
