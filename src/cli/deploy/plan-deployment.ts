import { ApiNotFound, type Client } from "../../client/index.ts";
import { isObject, type JsonObject } from "../../domain/parameters/json-types.ts";
import { applyValues } from "../../domain/placeholders/apply-values.ts";
import { resolveBlocks, resolveVariables } from "../../domain/placeholders/resolve-references.ts";
import type { DeploymentConfig, ProjectFile } from "../../domain/project/project-file.ts";
import type { WorkPoolResponse as WorkPool } from "../../schemas/work-pool.ts";
import { apiReferences } from "../../steps/api-references.ts";
import { CommandFailed } from "../exit.ts";
import type { MissingAnswers } from "./missing-answers.ts";

type Steps = readonly JsonObject[];

/** What is known about a deployment before anything of it is done. */
export interface DeploymentPlan {
  readonly name: string;
  readonly entrypoint: string;
  readonly workPool: WorkPool;
  /** Blocks, variables and environment are filled in. */
  readonly config: DeploymentConfig;
  /** As prefect.yaml or the command line has it, with what was asked for. */
  readonly written: DeploymentConfig;
  /** As written. */
  readonly build: Steps;
  readonly push: Steps;
  /** Undefined when nothing is said: then it is made up. */
  readonly pull: Steps | undefined;
}

export interface PlanContext {
  readonly client: Client;
  readonly project: ProjectFile;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly defaultPool: string | null;
  readonly missing: MissingAnswers;
}

/** Fills in what placeholders stand for and finds the work pool. Throws CommandFailed when something is missing. */
export async function planDeployment(written: DeploymentConfig, context: PlanContext): Promise<DeploymentPlan> {
  const { project, client } = context;
  const { build = project.build, push = project.push, pull = project.pull, ...rest } = written;
  const config = await resolve(rest, context);
  const entrypoint = config.entrypoint || (await context.missing.entrypoint());
  const name = config.name || (await context.missing.name());
  const poolName = config.work_pool?.name || context.defaultPool || (await context.missing.workPool(client));
  const workPool = await readPool(client, poolName);
  const work_pool = { ...config.work_pool, name: poolName };
  const steps = { build: build ?? [], push: push ?? [], pull: pull ?? undefined };
  const asked = { name: written.name ?? name, entrypoint: written.entrypoint ?? entrypoint };
  return {
    name,
    entrypoint,
    workPool,
    config: { ...config, name, entrypoint, work_pool },
    written: { ...written, ...asked, work_pool: { ...written.work_pool, name: written.work_pool?.name ?? poolName } },
    ...steps,
  };
}

async function resolve(config: DeploymentConfig, { client, env }: PlanContext): Promise<DeploymentConfig> {
  const source = apiReferences(client);
  const resolved = await resolveVariables(await resolveBlocks(config, source), source);
  return applyValues(resolved, { values: env, env, keepMissing: true }) as DeploymentConfig;
}

async function readPool(client: Client, name: string): Promise<WorkPool> {
  const pool = await client.workPools.read(name).catch((error: unknown) => {
    if (!ApiNotFound.is(error)) throw error;
    throw CommandFailed(
      `The work pool '${name}' does not exist, so no worker would pick up the runs. Create it with: prefect work-pool create`,
    );
  });
  if (pool.type === "prefect-agent") {
    throw CommandFailed(`The work pool '${name}' is of the type prefect-agent, which cannot run deployments.`);
  }
  return pool;
}

/** The names of build and push steps that make a Docker image. */
export function findDockerBuild(steps: Steps): JsonObject | undefined {
  const step = steps.find((each) => DOCKER_BUILD in each)?.[DOCKER_BUILD];
  return isObject(step) ? step : undefined;
}

const DOCKER_BUILD = "prefect_docker.deployments.steps.build_docker_image";
