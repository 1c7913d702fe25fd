import { env, execArgv, execPath } from "node:process";
import { fileURLToPath } from "node:url";
import type { Client } from "../../client/client.ts";
import { ownModule } from "../../kit/own-files.ts";
import type { ControlChannel } from "../../runner/control-channel.ts";
import { reportCrash, superviseFlowRun } from "../../runner/supervise-flow-run.ts";
import type { FlowRunResponse as FlowRun } from "../../schemas/flow-run.ts";

export interface ChildOptions {
  readonly client: Client;
  readonly control: ControlChannel;
  /** Where the entrypoint's path starts. */
  readonly cwd: string;
  /** Ends the run; its reason is a StopReason. */
  readonly stop: AbortSignal;
}

/** Runs a flow run in a process of its own; a process that dies without reporting leaves its run CRASHED. */
export async function executeInChild(run: FlowRun, options: ChildOptions): Promise<void> {
  const { apiUrl } = options.client.http;
  try {
    await superviseFlowRun(run, {
      ...options,
      command: [execPath, ...execArgv, fileURLToPath(ownModule("sdk/engine/main")), run.id],
      env: { ...env, PREFECT_API_URL: apiUrl },
    });
  } catch (error) {
    const message = `Flow run could not start: ${(error as Error).message}`;
    await reportCrash(options.client, { id: run.id, message });
  }
}
