import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Client } from "../client/client.ts";
import { ApiNotFound } from "../client/errors.ts";
import { untilAnswered } from "../client/until-answered.ts";
import { isTerminal, TERMINAL_TYPES } from "../domain/orchestration/states.ts";
import type { FlowRunResponse as FlowRun } from "../schemas/flow-run.ts";
import type { State, StateType } from "../schemas/state.ts";
import type { ControlChannel, ControlSession } from "./control-channel.ts";
import { type ExitStatus, exitMessage, exitStatus } from "./exit-message.ts";
import { endGroup, guardGroup } from "./process-group.ts";
import type { StopReason } from "./runner.ts";

export interface SupervisedProcess {
  readonly client: Client;
  readonly control: ControlChannel;
  /** Program and arguments. */
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  /** All of it, but for what names the run; nothing of this process's own is added. */
  readonly env: NodeJS.ProcessEnv;
  /** Whether what it prints appears where this process prints. @default true */
  readonly showsOutput?: boolean;
  /** Ends the process; its reason is a StopReason. */
  readonly stop: AbortSignal;
  readonly onStarted?: (pid: number) => void;
}

export interface ProcessEnd {
  readonly pid: number;
  readonly status: ExitStatus;
}

const GRACE_MS = 30_000;
/** For what a run leaves behind when it has ended by itself. */
const LEFTOVERS_GRACE_MS = 2_000;

/** States in which no process is needed: one that ends there has done what it was to do. */
const AT_REST: readonly StateType[] = [...TERMINAL_TYPES, "PAUSED", "SCHEDULED"];

/**
 * Carries a flow run out in a process of its own, and returns when nothing of it is left. A process that dies without
 * reporting leaves its run CRASHED, one that was cancelled CANCELLED. Rejects when the process cannot be started.
 */
export async function superviseFlowRun(run: FlowRun, options: SupervisedProcess): Promise<ProcessEnd> {
  const { client, stop } = options;
  using session = options.control.open();
  const child = await start(run.id, options, session);
  const pid = child.pid as number;
  const group = { id: pid, mark: `PREFECT__FLOW_RUN_ID=${run.id}` };
  using _guard = guardGroup(group, GRACE_MS);
  const exited = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  options.onStarted?.(pid);
  const stopping = whenAborted(stop).then(async () => {
    if ((stop.reason as StopReason) === "cancelled") await session.announceCancellation();
    await endGroup(group, { graceMs: GRACE_MS, alsoStrays: true });
  });
  const [code, signal] = await exited;
  await (stop.aborted ? stopping : endGroup(group, { graceMs: LEFTOVERS_GRACE_MS, alsoStrays: false }));
  const status = exitStatus(code, signal);
  const isCancelled = stop.aborted && (stop.reason as StopReason) === "cancelled";
  if (isCancelled) await confirmCancelled(client, run.id);
  else if (status !== 0) await reportCrash(client, { id: run.id, message: exitMessage(status) });
  return { pid, status };
}

async function start(flowRunId: string, options: SupervisedProcess, session: ControlSession): Promise<ChildProcess> {
  const [program, ...arguments_] = options.command;
  const output = (options.showsOutput ?? true) ? "inherit" : "ignore";
  const child = spawn(program, arguments_, {
    cwd: options.cwd,
    env: { ...options.env, PREFECT__FLOW_RUN_ID: flowRunId, ...session.env },
    stdio: ["ignore", output, output],
    // A group of its own: everything the run starts can be ended with it, and Ctrl-C in a terminal does not reach it.
    detached: true,
  });
  await once(child, "spawn");
  // What fails later shows in how it ends.
  child.on("error", () => undefined);
  return child;
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Says that a run has CRASHED, unless it is at rest. Waits until the API can be told, or `stop` is aborted: then it throws. */
export async function reportCrash(
  client: Client,
  run: { readonly id: string; readonly message: string },
  stop?: AbortSignal,
): Promise<void> {
  await setStateUnless(client, run.id, {
    isSettled: (state) => AT_REST.includes(state.type),
    state: { type: "CRASHED", message: run.message },
    stop,
  });
}

/** A process that knows nothing of cancellations takes its end for a crash and says so. */
async function confirmCancelled(client: Client, flowRunId: string): Promise<void> {
  await setStateUnless(client, flowRunId, {
    isSettled: (state) => isTerminal(state) && state.type !== "CRASHED",
    state: { type: "CANCELLED", message: "Flow run was cancelled." },
  });
}

async function setStateUnless(
  client: Client,
  flowRunId: string,
  change: {
    isSettled(state: State): boolean;
    readonly state: { readonly type: StateType; readonly message: string };
    readonly stop?: AbortSignal | undefined;
  },
): Promise<void> {
  try {
    const { state } = await untilAnswered(() => client.flowRuns.read(flowRunId), change.stop);
    if (state && change.isSettled(state)) return;
    await untilAnswered(() => client.flowRuns.setState(flowRunId, change.state, { force: true }), change.stop);
  } catch (error) {
    if (!ApiNotFound.is(error)) throw error;
  }
}
