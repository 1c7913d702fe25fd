// The program of a child process that carries out one flow run: `node main.ts [FLOW_RUN_ID]`.
// Exit 0: the run's state was reported, whatever it is. Exit 1: the code could not be loaded, or the engine failed.
import { argv, cwd } from "node:process";
import type { Client } from "../../client/client.ts";
import type { FlowRunResponse as FlowRun } from "../../schemas/flow-run.ts";
import { enterRunEnvironment, readRunEnvironment } from "../../settings/run-environment.ts";
import type { FlowDefinition } from "../definitions.ts";
import { enterCode } from "../deployments/enter-code.ts";
import { loadEntrypoint } from "../deployments/load-entrypoint.ts";
import { EntrypointInvalid, RunAborted, RunCancelled, RunTerminated } from "../errors.ts";
import { clock } from "../now.ts";
import type { Session } from "../session/session.ts";
import { leaseSession } from "../session/shared-session.ts";
import { outcomeValue, type State } from "../state.ts";
import { joinControlSession } from "./control-session.ts";
import { executeStoredRun } from "./execute-stored-run.ts";
import { describeError } from "./failures.ts";
import { listenForTermination } from "./termination.ts";

const flowRunId = argv[2] ?? readRunEnvironment().flowRunId;
if (flowRunId === undefined) {
  process.stderr.write("No flow run: pass its id, or set PREFECT__FLOW_RUN_ID.\n");
  process.exitCode = 1;
} else {
  await main(flowRunId);
}

async function main(id: string): Promise<void> {
  // Loading a file that serves its own flow must find that a run is under way.
  enterRunEnvironment(id);
  using termination = listenForTermination();
  const cancelling = new AbortController();
  const stop = AbortSignal.any([termination.signal, cancelling.signal]);
  using _control = joinControlSession(() => cancelling.abort(RunCancelled("Flow run was cancelled.")));
  try {
    await using lease = await leaseSession();
    const state = await carryOut(lease.session, id, stop);
    if (state && RunTerminated.is(outcomeValue(state))) termination.resume();
  } catch (error) {
    if (RunAborted.is(error)) return;
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 1;
  }
}

async function carryOut(session: Session, id: string, stop: AbortSignal): Promise<State | undefined> {
  const run = await session.client.flowRuns.read(id);
  const definition = await load(session, run);
  return executeStoredRun(definition, run, stop);
}

async function load(session: Session, run: FlowRun): Promise<FlowDefinition> {
  try {
    const entrypoint = readRunEnvironment().flowEntrypoint ?? (await enterDeployment(session.client, run));
    return await loadEntrypoint(entrypoint, cwd());
  } catch (error) {
    session.logs.add({
      name: "prefect.flow_runs",
      level: 40,
      message: `Flow could not be retrieved from deployment. ${describeError(error)}\n${error instanceof Error ? error.stack : ""}`,
      timestamp: clock.now(),
      flow_run_id: run.id,
      task_run_id: null,
    });
    throw error;
  }
}

/** Goes to where the deployment's code is; gives its entrypoint. */
async function enterDeployment(client: Client, run: FlowRun): Promise<string> {
  const deployment = run.deployment_id === null ? undefined : await client.deployments.read(run.deployment_id);
  if (!deployment?.entrypoint) throw EntrypointInvalid("", "The run's deployment names no code.");
  await enterCode(client, run, deployment);
  return deployment.entrypoint;
}
