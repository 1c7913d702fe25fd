import type { Db } from "../../db/database.ts";
import { findDeployment } from "../../db/repositories/deployments.ts";
import { parseJson } from "../../kit/json.ts";
import type { ActionInput } from "../../schemas/action.ts";
import type { ServerContext } from "../context.ts";
import { AutomationRefused, DeploymentToChangeNotFound, JobVariablesRefused } from "../errors.ts";
import { checkJobVariables } from "../orchestration/job-variables.ts";

interface ActionCheck {
  readonly actions: readonly ActionInput[];
  /** Empty job variables of a new automation are not looked at, not even for whether their deployment exists. */
  readonly isNew: boolean;
}

/**
 * Checks the job variables that actions bring along against the work pools they will meet.
 * @throws DeploymentToChangeNotFound, AutomationRefused
 */
export async function checkRunDeploymentActions(
  ctx: ServerContext,
  tx: Db,
  { actions, isNew }: ActionCheck,
): Promise<void> {
  const problems: string[] = [];
  for (const action of actions) {
    if (action.type !== "run-deployment" || !action.deployment_id || !action.job_variables) continue;
    if (isNew && Object.keys(action.job_variables).length === 0) continue;
    const problem = await findProblem(ctx, tx, { deploymentId: action.deployment_id, variables: action.job_variables });
    if (problem !== undefined) problems.push(problem);
  }
  if (problems.length > 0) throw AutomationRefused(problems.join(" "));
}

async function findProblem(
  ctx: ServerContext,
  tx: Db,
  { deploymentId, variables }: { readonly deploymentId: string; readonly variables: Readonly<Record<string, unknown>> },
): Promise<string | undefined> {
  const deployment = await findDeployment(tx, deploymentId);
  if (!deployment) throw DeploymentToChangeNotFound();
  if (deployment.base_job_template === null) return undefined;
  const hasOwn = Object.keys(parseJson(deployment.infra_overrides) as object).length > 0;
  if (!hasOwn && Object.keys(variables).length === 0) return undefined;
  try {
    const template = deployment.base_job_template;
    await checkJobVariables(ctx, tx, { template, layers: [variables], doing: "", mustBeComplete: true });
    return undefined;
  } catch (error) {
    if (JobVariablesRefused.is(error)) return error.message;
    throw error;
  }
}
