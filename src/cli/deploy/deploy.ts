import { resolve } from "node:path";
import { type DeployOptions, jobVariablesOf } from "../../domain/project/apply-deploy-options.ts";
import type { ProjectFile } from "../../domain/project/project-file.ts";
import type { Context } from "../context.ts";
import { CommandFailed } from "../exit.ts";
import { askPullSteps } from "./ask-pull-steps.ts";
import { askSchedules } from "./ask-schedules.ts";
import { chooseEntries } from "./choose-entries.ts";
import { deployOne } from "./deploy-one.ts";
import { readFlowFacts } from "./flow-facts.ts";
import { askMissing, refuseMissing } from "./missing-answers.ts";
import { type DeploymentPlan, findDockerBuild, planDeployment } from "./plan-deployment.ts";
import { readProject } from "./read-project.ts";
import { showDeployed } from "./show-deployed.ts";

/** What `prefect deploy` was asked for. */
export interface DeployCommand {
  readonly names: readonly string[];
  readonly isAll: boolean;
  readonly isDiff: boolean;
  readonly file: string;
  readonly options: DeployOptions;
  /** Of the command line, in place of the file's; undefined when none was given. */
  readonly triggers: readonly Readonly<Record<string, unknown>>[] | undefined;
}

/** Deploys what prefect.yaml and the options say. Everything is looked up before the first deployment is made. */
export async function deploy(context: Context, command: DeployCommand): Promise<void> {
  const { out, inputs } = context;
  const path = resolve(inputs.cwd, command.file);
  const project = readProject(path, out.warn);
  const plans = await makePlans(context, command, project);
  const facts = await readFlowFacts(
    context,
    plans.map(({ entrypoint }) => entrypoint),
  );
  const overrides = plans.length > 1 ? {} : jobVariablesOf(command.options);
  const made = new Map();
  for (const plan of plans) {
    const flow = facts.get(plan.entrypoint);
    if (flow === undefined) throw CommandFailed(`${plan.entrypoint} could not be loaded.`);
    const id = await deployOne(context, { plan, flow, overrides, made, isDiff: command.isDiff });
    if (id === undefined) continue;
    await showDeployed(context, { id, plan, flow });
    if (context.isInteractive) await offerToSave(context, { path, project, plan });
  }
}

async function makePlans(
  context: Context,
  command: DeployCommand,
  project: ProjectFile,
): Promise<readonly DeploymentPlan[]> {
  const { settings, inputs, isInteractive } = context;
  const entries = await chooseEntries(context, command, project.deployments);
  const planning = {
    client: await context.client(),
    project,
    env: inputs.env,
    defaultPool: settings.deployments.default_work_pool_name,
    missing: isInteractive ? askMissing(context) : refuseMissing,
  };
  const plans: DeploymentPlan[] = [];
  for (const entry of entries) {
    const plan = await planDeployment(entry, planning);
    plans.push(isInteractive && !command.isDiff ? await completed(context, plan) : plan);
  }
  return plans;
}

/** The plan with what the user wants of the things its entry says nothing about. */
async function completed(context: Context, plan: DeploymentPlan): Promise<DeploymentPlan> {
  const { config, written } = plan;
  const isPulled = plan.pull !== undefined || findDockerBuild(plan.build) !== undefined;
  const pull = isPulled ? undefined : await askPullSteps(context);
  const isScheduled = "schedules" in config || "schedule" in config;
  const schedules = isScheduled ? undefined : await askSchedules(context);
  const said = { ...(schedules && { schedules }) };
  return {
    ...plan,
    pull: pull ?? plan.pull,
    config: { ...config, ...said },
    written: { ...written, ...said, ...(pull && { pull }) },
  };
}

interface Saving {
  readonly path: string;
  readonly project: ProjectFile;
  readonly plan: DeploymentPlan;
}

async function offerToSave(context: Context, { path, project, plan }: Saving): Promise<void> {
  const { name, entrypoint, written } = plan;
  if (project.deployments.some((each) => each.name === name && each.entrypoint === entrypoint)) return;
  if (!(await context.confirm("Save this deployment in prefect.yaml, to deploy it faster the next time?"))) return;
  const { saveDeployment } = await import("./save-deployment.ts");
  saveDeployment(path, written);
  context.out.success(`Saved in ${path}. Deploy it again with: prefect deploy -n '${name}'`);
}
