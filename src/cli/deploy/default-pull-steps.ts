import { basename, resolve } from "node:path";
import type { JsonObject } from "../../domain/parameters/json-types.ts";
import { isObject } from "../../domain/parameters/json-types.ts";
import type { Output } from "../output.ts";
import { type DeploymentPlan, findDockerBuild } from "./plan-deployment.ts";

/** How workers get the code when prefect.yaml does not say: from this folder, or from that of the image. */
export function defaultPullSteps(plan: DeploymentPlan, cwd: string, out: Output): readonly JsonObject[] {
  const build = findDockerBuild(plan.build);
  if (build?.dockerfile === "auto") return [workIn(`/opt/prefect/${basename(cwd)}`)];
  const variables = plan.config.work_pool?.job_variables;
  if (build === undefined && isObject(variables) && variables.image) {
    out.warn(
      "The code is expected in /opt/prefect of your image. If it lies elsewhere, add a set_working_directory pull step.",
    );
    return [workIn("/opt/prefect")];
  }
  if (build !== undefined) return [];
  const file = plan.entrypoint.includes(":") ? plan.entrypoint.replace(/:[^:]*$/, "") : "";
  out.line(`Workers will load the flow from: ${resolve(cwd, file)}`);
  return [workIn(resolve(cwd))];
}

function workIn(directory: string): JsonObject {
  return { "prefect.deployments.steps.set_working_directory": { directory } };
}
