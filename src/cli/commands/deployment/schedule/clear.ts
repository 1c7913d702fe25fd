import { command } from "../../../command.ts";
import { CommandFailed } from "../../../exit.ts";
import { argument, switchFlag } from "../../../flags.ts";
import { readDeploymentByName } from "../find-deployment.ts";

export const clear = command({
  summary: "Delete all schedules of a deployment.",
  args: { deployment_name: argument("The deployment, as flow/deployment.") },
  flags: { acceptYes: switchFlag("-y, --accept-yes", "Do not ask.") },
  async run(context, { args: { deployment_name }, flags }) {
    const { id, schedules } = await readDeploymentByName(context, deployment_name);
    const question = "Are you sure you want to clear all schedules for this deployment?";
    if (!flags.acceptYes && !(await context.confirm(question))) throw CommandFailed("Clearing schedules cancelled.");
    const client = await context.client();

    for (const schedule of schedules) await client.deployments.deleteSchedule(id, schedule.id);

    context.out.success(`Cleared all schedules for deployment ${deployment_name}`);
  },
});
