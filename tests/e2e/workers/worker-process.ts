import type { ChildProcess } from "node:child_process";
import { dirname, join } from "node:path";
import type { Client } from "../../../src/client/client.ts";
import type { FlowRunResponse as FlowRun } from "../../../src/schemas/flow-run.ts";
import type { StateType } from "../../../src/schemas/state.ts";
import { stopProcess, temporaryFolder, waitUntil } from "../../support/disposable.ts";
import { startCommand } from "../../support/prefect-cli.ts";
import { type ReferenceVersion, referenceFolder, referencePython } from "../../support/reference-paths.ts";

export interface WorkerProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  output(): string;
}

interface WorkerWish {
  readonly apiUrl: string;
  readonly pool: string;
  readonly args?: readonly string[];
  /** Whose worker; ours, with the Python of that release, when left out. */
  readonly reference?: ReferenceVersion;
}

/** Starts `prefect worker start` and waits until it has. */
export async function startWorkerProcess({ apiUrl, pool, args = [], reference }: WorkerWish): Promise<WorkerProcess> {
  const home = await temporaryFolder();
  const python = dirname(referencePython(reference ?? "3.9.1"));
  const env = {
    PREFECT_API_URL: apiUrl,
    PREFECT_WORKER_QUERY_SECONDS: "1",
    PATH: `${python}:${process.env.PATH}`,
    VIRTUAL_ENV: referenceFolder(reference ?? "3.9.1"),
    SAID: "nothing",
  };
  const program = reference && join(python, "prefect");
  const child = startCommand(["worker", "start", "--pool", pool, ...args], { home: home.path, env }, program);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
  await waitUntil(
    `a worker's start`,
    () => {
      if (child.exitCode !== null) throw new Error(`The worker ended:\n${output}`);
      return output.includes("started!");
    },
    { timeoutMs: 60_000 },
  );
  return {
    child,
    output: () => output,
    async [Symbol.asyncDispose]() {
      await stopProcess(child, "SIGKILL");
      await home[Symbol.asyncDispose]();
    },
  };
}

/** Makes a deployment of a flow next to this file. */
export async function deploy(
  client: Client,
  pool: string,
  { flow, ...rest }: { flow: string; job?: object; name?: string },
) {
  const language = flow.startsWith("python-") ? "py" : "ts";
  const { id: flow_id } = await client.flows.create({ name: flow });
  const { id } = await client.deployments.create({
    name: rest.name ?? "worked",
    flow_id,
    entrypoint: `flows.${language}:${flow.replace(/^\w+-/, "")}`,
    pull_steps: [{ "prefect.deployments.steps.set_working_directory": { directory: import.meta.dirname } }],
    work_pool_name: pool,
    job_variables: rest.job ?? {},
  });
  return id;
}

const ENDS: readonly (StateType | null)[] = ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"];

/** The run once it has ended. */
export function ended(client: Client, id: string): Promise<FlowRun> {
  return inState(client, id, (run) => ENDS.includes(run.state_type));
}

export function inState(client: Client, id: string, isThere: (run: FlowRun) => boolean): Promise<FlowRun> {
  return waitUntil(
    "the state of a run",
    async () => {
      const run = await client.flowRuns.read(id);
      return isThere(run) && run;
    },
    { timeoutMs: 60_000, intervalMs: 100 },
  );
}
