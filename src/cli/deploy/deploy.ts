import { resolve } from "node:path";
import { applyDeployOptions, type DeployOptions, jobVariablesOf } from "../../domain/project/apply-deploy-options.ts";
import { expandNames, pickDeployments } from "../../domain/project/pick-deployments.ts";
import type { DeploymentConfig } from "../../domain/project/project-file.ts";
import type { Context } from "../context.ts";
import { CommandFailed } from "../exit.ts";
import { deployOne } from "./deploy-one.ts";
import { readFlowFacts } from "./flow-facts.ts";
import { planDeployment } from "./plan-deployment.ts";
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
  const { out, settings, inputs } = context;
  const project = readProject(resolve(inputs.cwd, command.file), out.warn);
  const written = pick(context, command, project.deployments);
  const client = await context.client();
  const defaultPool = settings.deployments.default_work_pool_name;
  const plans = [];
  for (const config of written)
    plans.push(await planDeployment(config, { client, project, env: inputs.env, defaultPool }));
  const facts = await readFlowFacts(
    context,
    plans.map(({ entrypoint }) => entrypoint),
  );
  const overrides = written.length > 1 ? {} : jobVariablesOf(command.options);
  for (const plan of plans) {
    const flow = facts.get(plan.entrypoint);
    if (flow === undefined) throw CommandFailed(`${plan.entrypoint} could not be loaded.`);
    const id = await deployOne(context, { plan, flow, overrides, isDiff: command.isDiff });
    if (id !== undefined) await showDeployed(context, { id, plan, flow });
  }
}

/** The entries to deploy, with the options of the command line where there is but one. */
function pick(
  context: Context,
  command: DeployCommand,
  configs: readonly DeploymentConfig[],
): readonly DeploymentConfig[] {
  const { out, isInteractive } = context;
  const { isAll, options } = command;
  if (isAll && command.names.length > 0) throw CommandFailed("Cannot use both `--all` and `--name`. Use only one.");
  const names = expandNames(configs, command.names);
  const picked = pickDeployments(configs, { names, isAll, isInteractive });
  if (picked.kind === "unclear") {
    const known = configs.map(({ name, entrypoint }) => name ?? entrypoint ?? "(unnamed)").join(", ");
    throw CommandFailed(
      `prefect.yaml has several deployments. Name those you mean with --name, or use --all: ${known}`,
    );
  }
  if (picked.missing.length > 0) out.warn(`There are no deployments with these names: ${picked.missing.join(", ")}`);
  if (picked.configs.length > 1) return named(context, command, picked.configs);
  const name = names.length === 1 ? names[0]?.split("/").at(-1) : undefined;
  const config = applyDeployOptions(picked.configs[0] ?? {}, { ...options, name });
  return [command.triggers === undefined ? config : { ...config, triggers: command.triggers }];
}

function named(
  { out }: Context,
  { options, triggers }: DeployCommand,
  configs: readonly DeploymentConfig[],
): readonly DeploymentConfig[] {
  const isGiven = Object.values(options).some((value) =>
    Array.isArray(value) ? value.length > 0 : value && value !== true,
  );
  if (isGiven || triggers) out.warn("Options are ignored when several deployments are made at once.");
  const unnamed = configs.filter(({ name }) => !name);
  if (unnamed.length > 0) out.warn(`${unnamed.length} deployment(s) without a name are left out.`);
  return configs.filter(({ name }) => name);
}
