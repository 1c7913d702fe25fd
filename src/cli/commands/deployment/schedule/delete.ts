import { command } from "../../../command.ts";
import { CommandFailed } from "../../../exit.ts";
import { argument, idArgument, switchFlag } from "../../../flags.ts";
import { readDeploymentByName } from "../find-deployment.ts";
import { scheduleText } from "./schedule-text.ts";

export const deleteSchedule = command({
  summary: "Delete a schedule of a deployment.",
  args: {
    deployment_name: argument("The deployment, as flow/deployment."),
    schedule_id: idArgument("Id of the schedule."),
  },
  flags: { acceptYes: switchFlag("-y, --accept-yes", "Do not ask.") },
  async run(context, { args: { deployment_name, schedule_id }, flags }) {
    const { id, schedules } = await readDeploymentByName(context, deployment_name);
    const schedule = schedules.find((each) => each.id === schedule_id);
    if (schedule === undefined) throw CommandFailed("Deployment schedule not found!");
    const question = `Are you sure you want to delete this schedule: ${scheduleText(schedule)}`;
    if (!flags.acceptYes && !(await context.confirm(question))) throw CommandFailed("Deletion cancelled.");
    const client = await context.client();

    await client.deployments.deleteSchedule(id, schedule_id);

    context.out.success(`Deleted deployment schedule ${schedule_id}`);
  },
});
