import type { Db } from "../../db/database.ts";
import { findDeployment } from "../../db/repositories/deployments.ts";
import { type FlowRunChanges, type FlowRunRow, findFlowRun, updateFlowRun } from "../../db/repositories/flow-runs.ts";
import { runName } from "../../domain/run-name.ts";
import { parseJson } from "../../kit/json.ts";
import type { FlowRunUpdate } from "../../schemas/flow-run.ts";
import type { ServerContext } from "../context.ts";
import { FlowRunNotFound, JobVariablesFixed } from "../errors.ts";
import { checkJobVariables } from "./job-variables.ts";

/** Changes what a client may change of a run. @throws FlowRunNotFound, JobVariablesFixed, JobVariablesRefused */
export async function changeFlowRun(ctx: ServerContext, id: string, update: FlowRunUpdate): Promise<void> {
  const changes = changedColumns(ctx, update);
  await ctx.db.write(async (tx) => {
    if (update.job_variables)
      await checkNewJobVariables(ctx, tx, { run: await readFlowRun(tx, id), variables: update.job_variables });
    if (!(await updateFlowRun(tx, id, changes))) throw FlowRunNotFound();
  });
}

function changedColumns(ctx: ServerContext, update: FlowRunUpdate): FlowRunChanges {
  const { name, flow_version, infrastructure_pid, ...values } = update;
  const texts = Object.entries(values).map(([column, value]) => [
    column,
    value === null ? null : JSON.stringify(value),
  ]);
  return {
    ...(name === undefined ? {} : { name: name || runName(Math.random) }),
    ...(flow_version === undefined ? {} : { flow_version }),
    ...(infrastructure_pid === undefined ? {} : { infrastructure_pid }),
    ...Object.fromEntries(texts),
    updated: ctx.db.dialect.timestamp(ctx.clock.now()),
  };
}

async function readFlowRun(tx: Db, id: string): Promise<FlowRunRow> {
  const run = await findFlowRun(tx, id);
  if (!run) throw FlowRunNotFound();
  return run;
}

/** Once a run has been handed to its infrastructure, what it was given there is settled. */
async function checkNewJobVariables(
  ctx: ServerContext,
  tx: Db,
  { run, variables }: { readonly run: FlowRunRow; readonly variables: unknown },
): Promise<void> {
  if (run.state_type === null) {
    throw JobVariablesFixed("Flow run state is required to update job variables but none exists");
  }
  if (run.state_type !== "SCHEDULED") {
    throw JobVariablesFixed(`Job variables for a flow run in state ${run.state_type} cannot be updated`);
  }
  const deployment = run.deployment_id === null ? undefined : await findDeployment(tx, run.deployment_id);
  if (!deployment) throw JobVariablesFixed("A deployment for the flow run could not be found");
  if (deployment.base_job_template === null) return;
  await checkJobVariables(ctx, tx, {
    template: deployment.base_job_template,
    layers: [parseJson(deployment.infra_overrides), variables],
    doing: "Error updating flow run: ",
    mustBeComplete: true,
  });
}
