import type { FlowFacts } from "../../domain/project/deployment-fields.ts";
import type { Context } from "../context.ts";
import type { DeploymentPlan } from "./plan-deployment.ts";

interface Deployed {
  readonly id: string;
  readonly plan: DeploymentPlan;
  readonly flow: FlowFacts;
}

/** Tells what was deployed, and how to run it. */
export async function showDeployed(context: Context, { id, plan, flow }: Deployed): Promise<void> {
  const { out, settings } = context;
  const name = `${flow.name}/${plan.name}`;
  out.success(`Deployment '${name}' successfully created with id '${id}'.`);
  if (settings.ui_url) out.line(`\nView it at: ${settings.ui_url}/deployments/deployment/${id}`);
  const { name: pool, type } = plan.workPool;
  if (!type.endsWith(":push") && !type.endsWith(":managed") && !(await hasWorker(context, pool))) {
    out.line(`\nIts runs wait for a worker of the work pool '${pool}'. Start one with:`);
    out.line(out.style("blue", `\n  $ prefect worker start --pool '${pool}'`));
  }
  out.line("\nTo run it now:");
  out.line(out.style("blue", `\n  $ prefect deployment run '${name}'\n`));
}

async function hasWorker(context: Context, pool: string): Promise<boolean> {
  const client = await context.client();
  return (await client.workers.list(pool, { workers: { status: { any_: ["ONLINE"] } }, limit: 1 })).length > 0;
}
