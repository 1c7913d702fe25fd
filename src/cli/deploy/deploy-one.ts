import { ApiNotFound, type Client } from "../../client/index.ts";
import type { DeploymentCreate, DeploymentUpdate } from "../../client/resources/deployments.ts";
import type { JsonObject } from "../../domain/parameters/json-types.ts";
import { applyValues } from "../../domain/placeholders/apply-values.ts";
import { deploymentChanges } from "../../domain/project/deployment-changes.ts";
import {
  type DeploymentFields,
  deploymentFields,
  type FlowFacts,
  fieldsForChange,
} from "../../domain/project/deployment-fields.ts";
import { toTriggerAutomations } from "../../domain/project/deployment-triggers.ts";
import type { DeploymentResponse as Deployment } from "../../schemas/deployment.ts";
import { runSteps } from "../../steps/run-steps.ts";
import type { StepContext } from "../../steps/step.ts";
import type { Context } from "../context.ts";
import { defaultPullSteps } from "./default-pull-steps.ts";
import type { DeploymentPlan } from "./plan-deployment.ts";
import { showChanges } from "./show-changes.ts";
import { findVersionInfo } from "./version-info.ts";

export interface DeployRequest {
  readonly plan: DeploymentPlan;
  readonly flow: FlowFacts;
  /** Job variables of the command line, which placeholders may name. */
  readonly overrides: JsonObject;
  /** Images made for other deployments of the same command. */
  readonly made: NonNullable<StepContext["made"]>;
  /** Only show what would change. */
  readonly isDiff: boolean;
}

/** Runs the build and push steps, then creates or changes the deployment. Gives its id; undefined after a diff. */
export async function deployOne(context: Context, request: DeployRequest): Promise<string | undefined> {
  const { plan, flow, isDiff } = request;
  const { out, inputs } = context;
  if (plan.config.sla?.length) out.warn("`sla` is left out: only Prefect Cloud has it.");
  const client = await context.client();
  const written = plan.pull ?? defaultPullSteps(plan, inputs.cwd, out);
  const outputs = { ...(isDiff ? {} : await buildAndPush(context, client, request)), ...request.overrides };
  const pullSteps = applyValues(written, { values: outputs, keepMissing: true, env: inputs.env });
  const { version_type: type, version } = plan.config;
  const filled = applyValues(version ?? null, { values: outputs, keepMissing: isDiff }) as string | null | undefined;
  const asked = isDiff ? (filled ?? version) : filled;
  const fields = deploymentFields({
    config: plan.config,
    outputs,
    flow,
    versionInfo: await findVersionInfo({ type, asked, ofFlow: flow.version, directory: inputs.cwd, env: inputs.env }),
    pullSteps: pullSteps as readonly JsonObject[],
    // A diff runs no steps, so what they would put out is not known.
    ...(isDiff
      ? { keepMissing: true }
      : { onMissing: (placeholder: string) => out.warn(`Nothing stands for the placeholder ${placeholder}.`) }),
  });
  const existing = await findDeployment(client, flow.name, plan.name);
  const merged = existing === undefined ? fields : fieldsForChange(fields, existing);
  if (isDiff) {
    showChanges(out, `${flow.name}/${plan.name}`, deploymentChanges(merged, existing && { ...existing }));
    return undefined;
  }
  const id = await save(client, { name: plan.name, flowName: flow.name, fields: merged, existing });
  await saveTriggers(client, id, { plan, outputs });
  return id;
}

async function buildAndPush(context: Context, client: Client, { plan, made }: DeployRequest): Promise<JsonObject> {
  const { out, inputs } = context;
  const { build, push } = plan;
  const options = {
    client,
    made,
    directory: inputs.cwd,
    env: inputs.env,
    write: (text: string) => void process.stdout.write(text),
    onStart: ({ step_name }: { readonly step_name: string }) => out.line(` > Running ${step_name} step...`),
  };
  if (build.length > 0) out.line("Running deployment build steps...");
  const built = await runSteps(build, options);
  if (push.length > 0) out.line("Running deployment push steps...");
  const pushed = await runSteps(push, { ...options, directory: built.workingDirectory, outputs: built.outputs });
  return pushed.outputs;
}

interface Saving {
  readonly name: string;
  readonly flowName: string;
  readonly fields: DeploymentFields;
  readonly existing: Deployment | undefined;
}

async function save(client: Client, { name, flowName, fields, existing }: Saving): Promise<string> {
  if (existing !== undefined) {
    await client.deployments.update(existing.id, fields as DeploymentUpdate);
    await clearSchedules(client, fields, existing);
    return existing.id;
  }
  const { id } = await client.flows.create({ name: flowName });
  return (await client.deployments.create({ ...(fields as DeploymentUpdate), name, flow_id: id } as DeploymentCreate))
    .id;
}

/** The API keeps schedules that all have slugs when it is told of an empty list. */
async function clearSchedules(client: Client, fields: DeploymentFields, existing: Deployment): Promise<void> {
  if (fields.schedules?.length !== 0) return;
  for (const { id } of await client.deployments.listSchedules(existing.id)) {
    await client.deployments.deleteSchedule(existing.id, id);
  }
}

async function saveTriggers(
  client: Client,
  deploymentId: string,
  { plan, outputs }: { readonly plan: DeploymentPlan; readonly outputs: JsonObject },
): Promise<void> {
  const { triggers } = plan.config;
  if (triggers === undefined) return;
  const owner_resource = `prefect.deployment.${deploymentId}`;
  const automations = toTriggerAutomations(plan.name, triggers ?? [], outputs);
  await client.automations.deleteOwned(owner_resource);
  for (const { action, ...automation } of automations) {
    const actions = [{ ...action, deployment_id: deploymentId }];
    await client.automations.create({ ...automation, actions, owner_resource });
  }
}

async function findDeployment(client: Client, flowName: string, name: string): Promise<Deployment | undefined> {
  try {
    return await client.deployments.readByName(flowName, name);
  } catch (error) {
    if (ApiNotFound.is(error)) return undefined;
    throw error;
  }
}
