import { orNotFound } from "../../api-errors.ts";
import { command } from "../../command.ts";
import { CommandFailed } from "../../exit.ts";
import { idArgument } from "../../flags.ts";

export const deleteFlowRun = command({
  summary: "Delete a flow run.",
  args: { id: idArgument("Id of the flow run.") },
  async run(context, { args: { id } }) {
    const question = `Are you sure you want to delete flow run with id '${id}'?`;
    if (context.isInteractive && !(await context.confirm(question))) throw CommandFailed("Deletion aborted.");
    const client = await context.client();

    await orNotFound(client.flowRuns.delete(id), `Flow run '${id}' not found!`);

    context.out.success(`Successfully deleted flow run '${id}'.`);
  },
});
