import { applyDeployOptions } from "../../domain/project/apply-deploy-options.ts";
import { expandNames, pickDeployments } from "../../domain/project/pick-deployments.ts";
import type { DeploymentConfig } from "../../domain/project/project-file.ts";
import { choose } from "../choose.ts";
import type { Context } from "../context.ts";
import { CommandFailed } from "../exit.ts";
import type { DeployCommand } from "./deploy.ts";

/** The entries to deploy, with the options of the command line where there is but one. Throws CommandFailed. */
export async function chooseEntries(
  context: Context,
  command: DeployCommand,
  configs: readonly DeploymentConfig[],
): Promise<readonly DeploymentConfig[]> {
  const { out, isInteractive } = context;
  const { isAll, options } = command;
  if (isAll && command.names.length > 0) throw CommandFailed("Cannot use both `--all` and `--name`. Use only one.");
  const names = expandNames(configs, command.names);
  const picked = pickDeployments(configs, { names, isAll, isInteractive });
  if (picked.kind === "unclear") return [applyDeployOptions(await chooseOne(context, configs), options)];
  if (picked.missing.length > 0) out.warn(`There are no deployments with these names: ${picked.missing.join(", ")}`);
  if (picked.configs.length > 1) return withNames(context, command, picked.configs);
  const name = names.length === 1 ? names[0]?.split("/").at(-1) : undefined;
  const config = applyDeployOptions(picked.configs[0] ?? {}, { ...options, name });
  return [command.triggers === undefined ? config : { ...config, triggers: command.triggers }];
}

async function chooseOne({ isInteractive }: Context, configs: readonly DeploymentConfig[]): Promise<DeploymentConfig> {
  const options = configs.map(({ name, entrypoint, description }, index) => ({
    value: String(index),
    label: name ?? entrypoint ?? "(unnamed)",
    ...(description && { hint: description }),
  }));
  if (isInteractive) {
    const picked = await choose("Which deployment?", [...options, { value: "", label: "A new one" }]);
    return picked === "" ? {} : (configs[Number(picked)] ?? {});
  }
  const known = options.map(({ label }) => label).join(", ");
  throw CommandFailed(`prefect.yaml has several deployments. Name those you mean with --name, or use --all: ${known}`);
}

function withNames(
  { out }: Context,
  { options, triggers }: DeployCommand,
  configs: readonly DeploymentConfig[],
): readonly DeploymentConfig[] {
  const isSaid = (value: unknown) => (Array.isArray(value) ? value.length > 0 : value !== undefined && value !== true);
  if (triggers || Object.values(options).some(isSaid)) {
    out.warn("Options are ignored when several deployments are made at once.");
  }
  const unnamed = configs.filter(({ name }) => !name);
  if (unnamed.length > 0) out.warn(`${unnamed.length} deployment(s) without a name are left out.`);
  return configs.filter(({ name }) => name);
}
