import { type ChildProcess, spawn } from "node:child_process";
import { env, execArgv, execPath } from "node:process";
import { fileURLToPath } from "node:url";
import type { Client } from "../../client/client.ts";
import type { FlowRunResponse as FlowRun } from "../../schemas/flow-run.ts";
import { isFinal, newState, toStateCreate } from "../state.ts";
import { exitMessage } from "./exit-hints.ts";

export interface ChildOptions {
  readonly client: Client;
  /** Where the entrypoint's path starts. */
  readonly cwd: string;
  /** Cancels the run. */
  readonly signal: AbortSignal;
}

const KILL_AFTER_MS = 30_000;

/** Runs a flow run in a process of its own; a process that dies without reporting leaves its run CRASHED. */
export async function executeInChild(run: FlowRun, options: ChildOptions): Promise<void> {
  const child = spawn(execPath, [...execArgv, enginePath(), run.id], {
    cwd: options.cwd,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: {
      ...env,
      PREFECT_API_URL: options.client.http.apiUrl,
      PREFECT__FLOW_RUN_ID: run.id,
      PREFECT__ENABLE_CANCELLATION_AND_CRASHED_HOOKS: "false",
    },
  });
  const onAbort = () => cancelChild(child);
  options.signal.addEventListener("abort", onAbort, { once: true });
  try {
    const { code, signal } = await ended(child);
    if (code !== 0) await reportCrash(options.client, run.id, exitMessage(code, signal));
  } finally {
    options.signal.removeEventListener("abort", onAbort);
  }
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function ended(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.once("error", () => resolve({ code: 127, signal: null }));
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
}

function cancelChild(child: ChildProcess): void {
  if (child.connected) child.send("cancel");
  const timer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
  child.once("exit", () => clearTimeout(timer));
}

async function reportCrash(client: Client, flowRunId: string, message: string): Promise<void> {
  const { state } = await client.flowRuns.read(flowRunId);
  if (state && (isFinal(state) || state.type === "PAUSED" || state.type === "SCHEDULED")) return;
  await client.flowRuns.setState(flowRunId, toStateCreate(newState("CRASHED", { message })), { force: true });
}

function enginePath(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`../engine/main.${extension}`, import.meta.url));
}
