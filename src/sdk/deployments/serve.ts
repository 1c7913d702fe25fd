import { cwd } from "node:process";
import type { Client } from "../../client/client.ts";
import { openControlChannel } from "../../runner/control-channel.ts";
import { startRunner } from "../../runner/runner.ts";
import { readRunEnvironment } from "../../settings/run-environment.ts";
import { listenForTermination } from "../engine/termination.ts";
import { clock } from "../now.ts";
import { leaseSession } from "../session/shared-session.ts";
import { stderrLogger } from "../session/stderr-logger.ts";
import { applyDeployment } from "./apply-deployment.ts";
import { type DeploymentOptions, entrypointOf, type FlowDeployment } from "./deployment.ts";
import { executeInChild } from "./execute-in-child.ts";
import { findDueRuns } from "./find-due-runs.ts";

export interface ServeOptions {
  /** Most runs at once in this process. @default PREFECT_RUNNER_PROCESS_LIMIT, 5 */
  readonly limit?: number;
  /** Whether the schedules stop when this process does. @default true */
  readonly pauseOnShutdown?: boolean;
  /** @default true */
  readonly printStartingMessage?: boolean;
  /** Stops serving. Without it SIGTERM and SIGINT do. */
  readonly signal?: AbortSignal;
}

export type ServeFlowOptions = DeploymentOptions & ServeOptions;

/** Registers the deployments and carries out their runs, each in a process of its own, until told to stop. */
export async function serve(...given: readonly (FlowDeployment | ServeOptions)[]): Promise<void> {
  // The engine loads this very file to find the flow; serving it again there would never end.
  if (readRunEnvironment().flowRunId !== undefined) return;
  const deployments = given.filter((item): item is FlowDeployment => "definition" in item);
  const options: ServeOptions = Object.assign({}, ...given.filter((item) => !("definition" in item)));
  using termination = listenForTermination();
  await using lease = await leaseSession();
  const { client, settings } = lease.session;
  const ids = await register(client, deployments);
  const pollSeconds = settings.runner.poll_frequency;
  const limit = options.limit ?? settings.runner.process_limit;
  await using control = await openControlChannel();
  await using runner = startRunner({
    client,
    clock,
    findDue: findDueRuns(client, () => [...ids.keys()]),
    execute: (run, stop) => executeInChild(run, { client, control, stop, cwd: cwd() }),
    limit,
    pollSeconds,
    log: stderrLogger,
  });
  if (options.printStartingMessage ?? true) announce([...ids.values()], deployments);
  await aborted(options.signal ? AbortSignal.any([options.signal, termination.signal]) : termination.signal);
  if (options.pauseOnShutdown ?? true) await pauseAll(client, ids);
  await runner.stop();
}

/** The part of the options that is about this process, not about the deployment. */
export function pickServeOptions(options: ServeFlowOptions): ServeOptions {
  const { limit, pauseOnShutdown, printStartingMessage, signal } = options;
  const picked = { limit, pauseOnShutdown, printStartingMessage, signal };
  return Object.fromEntries(Object.entries(picked).filter(([, value]) => value !== undefined));
}

async function register(client: Client, deployments: readonly FlowDeployment[]): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const deployment of deployments) {
    const { definition, options } = deployment;
    const id = await applyDeployment(client, deployment, entrypointOf(definition, cwd()));
    ids.set(id, `${definition.name}/${options.name ?? definition.name}`);
  }
  return ids;
}

function announce(names: readonly string[], deployments: readonly FlowDeployment[]): void {
  const [name] = names;
  const what = deployments.length === 1 ? `Your flow '${deployments[0]?.definition.name}' is` : "Your deployments are";
  const lines = [
    `${what} being served and polling for scheduled runs!`,
    ...(names.length === 1 ? [] : names.map((each) => `  - ${each}`)),
    `To trigger a run: prefect deployment run '${name}'`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

async function pauseAll(client: Client, ids: ReadonlyMap<string, string>): Promise<void> {
  for (const id of ids.keys()) await client.deployments.pause(id);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    // An aborted signal fires no more, and a listener keeps no process alive: the runner's loops do.
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
