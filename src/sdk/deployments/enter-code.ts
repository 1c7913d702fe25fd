import { resolve } from "node:path";
import { chdir, cwd, env, stdout } from "node:process";
import type { Client } from "../../client/client.ts";
import type { DeploymentResponse as Deployment } from "../../schemas/deployment.ts";
import type { FlowRunResponse as FlowRun } from "../../schemas/flow-run.ts";
import { clock, ids } from "../now.ts";

/**
 * Goes to the folder the deployment's entrypoint starts from: where its pull steps put the code, else its path. Throws
 * STEP_… when a step fails.
 */
export async function enterCode(client: Client, run: FlowRun, deployment: Deployment): Promise<void> {
  const { pull_steps: steps } = deployment;
  if (!steps || steps.length === 0) return chdir(resolve(cwd(), deployment.path ?? ""));
  const { runPullSteps } = await import("../../steps/run-pull-steps.ts");
  const { directory } = await runPullSteps(steps, {
    ...{ client, clock, ids, env },
    directory: cwd(),
    flowRunId: run.id,
    deploymentId: deployment.id,
    write: (text) => void stdout.write(text),
  });
  chdir(directory);
}
