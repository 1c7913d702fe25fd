import { isUuid } from "../../../kit/ids.ts";
import type { DeploymentResponse as Deployment } from "../../../schemas/deployment.ts";
import { orNotFound } from "../../api-errors.ts";
import type { Context } from "../../context.ts";
import { CommandFailed } from "../../exit.ts";

/** The deployment named `flow/deployment`. Throws CommandFailed. */
export async function readDeploymentByName(context: Context, name: string): Promise<Deployment> {
  const [flowName, deploymentName, ...rest] = name.split("/");
  if (!flowName || deploymentName === undefined || rest.length > 0) {
    throw CommandFailed("Invalid deployment name. Expected '<flow-name>/<deployment-name>'");
  }
  const client = await context.client();
  return await orNotFound(client.deployments.readByName(flowName, deploymentName), `Deployment '${name}' not found!`);
}

/** The deployment with this name or this id, of which exactly one must be given. Throws CommandFailed. */
export async function readDeployment(
  context: Context,
  name: string | undefined,
  id: string | undefined,
): Promise<Deployment> {
  if (name !== undefined && id !== undefined) throw CommandFailed("Only provide a deployed flow's name or id");
  if (name !== undefined) return await readDeploymentByName(context, name);
  if (id === undefined) throw CommandFailed("Must provide a deployed flow's name or id");
  if (!isUuid(id)) throw CommandFailed(`Invalid deployment ID: '${id}'`);
  const client = await context.client();
  return await orNotFound(client.deployments.read(id), `Deployment '${id}' not found!`);
}
