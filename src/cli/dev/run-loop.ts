import { once } from "node:events";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { PrefectError } from "../../kit/errors.ts";
import { type Runner, startRunner } from "../../runner/runner.ts";
import type { FlowRunResponse as FlowRun } from "../../schemas/flow-run.ts";
import { findDueRuns } from "../../sdk/deployments/find-due-runs.ts";
import { executeStoredRun } from "../../sdk/engine/execute-stored-run.ts";
import { RunCancelled } from "../../sdk/errors.ts";
import { clock } from "../../sdk/now.ts";
import { leaseSession } from "../../sdk/session/shared-session.ts";
import { stderrLogger } from "../../sdk/session/stderr-logger.ts";
import { isCompleted } from "../../sdk/state.ts";
import type { Output } from "../output.ts";
import { createServedFlows, type ServedFlow, type ServedFlows } from "./served-flows.ts";
import { watchFiles } from "./watch-files.ts";

export interface RunLoopOptions {
  readonly files: readonly string[];
  readonly cwd: string;
  readonly out: Output;
  /** Where the pages of runs are. */
  readonly uiUrl: string;
  /** Whether each flow without required parameters is run once at the start. */
  readonly runsOnce: boolean;
  readonly limit: number | undefined;
  readonly signal: AbortSignal;
  /** Calls back with every file of the user's that is loaded. */
  onFile(listener: (url: URL) => void): void;
}

const POLL_SECONDS = 2;

/** Serves the flows of the files in this process until the signal is aborted; a saved file is loaded anew. */
export async function runLoop(options: RunLoopOptions): Promise<void> {
  const { cwd, files, out, signal } = options;
  await using lease = await leaseSession();
  const { client } = lease.session;
  const flows = createServedFlows(client, cwd);
  await using runner = startRunner({
    client,
    clock,
    findDue: findDueRuns(client, () => [...flows.deploymentIds]),
    execute: (run, stop) => carryOut(flows, run, { ...options, stop }),
    log: stderrLogger,
    limit: options.limit,
    pollSeconds: POLL_SECONDS,
  });
  const loader = createLoader(flows, out);
  using watching = watchFiles((path) => {
    out.line(out.style("dim", `${relative(cwd, path)} was saved: loading anew`));
    void loader.loadAll(files);
  });
  options.onFile((url) => watching.add(fileURLToPath(url)));

  const served = await loader.loadAll(files);
  if (options.runsOnce) {
    for (const { deploymentId, required } of served) {
      if (required.length === 0) await client.deployments.createFlowRun(deploymentId);
    }
    runner.poll();
  }
  if (!signal.aborted) await once(signal, "abort");
  await stopRunner(runner, out);
}

async function stopRunner(runner: Runner, out: Output): Promise<void> {
  const { size } = runner.active;
  if (size > 0) out.line(`Stopping ${size} flow run${size === 1 ? "" : "s"}...`);
  await runner.stop();
}

/** Loads files one batch after the other, and says what came of each. */
function createLoader(flows: ServedFlows, out: Output) {
  let last: Promise<readonly ServedFlow[]> = Promise.resolve([]);
  const loadOne = async (file: string): Promise<readonly ServedFlow[]> => {
    try {
      const served = await flows.load(file);
      if (served.length === 0) out.warn(`${file} exports no flow.`);
      for (const { name, required } of served)
        out.line(`${out.style("green", "●")} ${name}${howToRun(name, required)}`);
      return served;
    } catch (error) {
      out.error(`${file} cannot be loaded: ${describe(error)}`);
      return [];
    }
  };
  const loadBatch = async (files: readonly string[]) => (await Promise.all(files.map(loadOne))).flat();
  return {
    loadAll(files: readonly string[]): Promise<readonly ServedFlow[]> {
      last = last.then(() => loadBatch(files));
      return last;
    },
  };
}

/** Our own errors tell all in their message; those of users' code need the place they come from. */
function describe(error: unknown): string {
  if (error instanceof PrefectError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function howToRun(name: string, required: readonly string[]): string {
  return required.length === 0
    ? ""
    : `, needs ${required.join(", ")}: prefect deployment run '${name}' -p ${required[0]}=…`;
}

async function carryOut(
  flows: ServedFlows,
  run: FlowRun,
  { out, uiUrl, stop }: RunLoopOptions & { readonly stop: AbortSignal },
): Promise<void> {
  const served = flows.find(run.deployment_id);
  if (served === undefined) return;
  const startedMs = performance.now();
  const cancelling = new AbortController();
  stop.addEventListener("abort", () => cancelling.abort(RunCancelled("Flow run was cancelled.")), { once: true });
  const state = await executeStoredRun(served.definition, run, cancelling.signal);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  const mark = isCompleted(state) ? out.style("green", "✓") : out.style("red", "✗");
  const url = out.style("cyan", `${uiUrl}/runs/flow-run/${run.id}`);
  out.line(`${mark} ${served.name} '${run.name}' ${state.name} in ${seconds} s  ${url}`);
}
