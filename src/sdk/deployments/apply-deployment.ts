import type { Client } from "../../client/client.ts";
import { ApiNotFound } from "../../client/errors.ts";
import type { DeploymentUpdate } from "../../client/resources/deployments.ts";
import type { DeploymentResponse as Deployment } from "../../schemas/deployment.ts";
import { flowVersion } from "../engine/flow-version.ts";
import { parameterSchema } from "../parameters/json-schema.ts";
import { type FlowDeployment, schedulesOf } from "./deployment.ts";
import { toScheduleCreate } from "./schedules.ts";

/** Creates the deployment, or changes the one that has its name, and gives its id. */
export async function applyDeployment(client: Client, deployment: FlowDeployment, entrypoint: string): Promise<string> {
  const { definition, options } = deployment;
  const name = options.name ?? definition.name;
  const flow = await client.flows.create({ name: definition.name });
  const fields = await fieldsOf(deployment, entrypoint);
  const existing = await findDeployment(client, definition.name, name);
  if (!existing) return (await client.deployments.create({ name, flow_id: flow.id, ...fields })).id;
  await client.deployments.update(existing.id, fields);
  return existing.id;
}

async function fieldsOf({ definition, options }: FlowDeployment, entrypoint: string): Promise<DeploymentUpdate> {
  const schedules = schedulesOf(options)?.map(toScheduleCreate);
  const version = options.version ?? (await flowVersion(definition));
  return {
    entrypoint,
    path: ".",
    version,
    parameter_openapi_schema: await parameterSchema(definition.binding.signature, definition.schema),
    enforce_parameter_schema: options.enforceParameterSchema ?? true,
    parameters: options.parameters ?? {},
    paused: options.paused ?? false,
    description: options.description ?? definition.options.description ?? null,
    tags: options.tags ?? [],
    ...(schedules && { schedules }),
    ...(options.concurrencyLimit !== undefined && { concurrency_limit: options.concurrencyLimit }),
    ...(version !== null && { version_info: { type: "prefect:simple", version } }),
  };
}

async function findDeployment(client: Client, flowName: string, name: string): Promise<Deployment | undefined> {
  try {
    return await client.deployments.readByName(flowName, name);
  } catch (error) {
    if (ApiNotFound.is(error)) return undefined;
    throw error;
  }
}
