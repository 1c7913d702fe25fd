import { command } from "../../../command.ts";
import { CommandFailed } from "../../../exit.ts";
import { argument, idArgument, switchFlag } from "../../../flags.ts";
import { readDeploymentByName } from "../find-deployment.ts";
import { scheduleText } from "./schedule-text.ts";

export const deleteSchedule = command({
  summary: "Delete a schedule of a deployment.",
  args: {
    deploymentName: argument("The deployment, as flow/deployment."),
    scheduleId: idArgument("Id of the schedule."),
  },
  flags: { acceptYes: switchFlag("-y, --accept-yes", "Do not ask.") },
  async run(context, { args: { deploymentName, scheduleId }, flags }) {
    const { id, schedules } = await readDeploymentByName(context, deploymentName);
    const schedule = schedules.find((each) => each.id === scheduleId);
    if (schedule === undefined) throw CommandFailed("Deployment schedule not found!");
    const question = `Are you sure you want to delete this schedule: ${scheduleText(schedule)}`;
    if (!flags.acceptYes && !(await context.confirm(question))) throw CommandFailed("Deletion cancelled.");
    const client = await context.client();

    await client.deployments.deleteSchedule(id, scheduleId);

    context.out.success(`Deleted deployment schedule ${scheduleId}`);
  },
});
