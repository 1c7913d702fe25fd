import { orNotFound } from "../../api-errors.ts";
import { command } from "../../command.ts";
import { CommandFailed } from "../../exit.ts";
import { argument } from "../../flags.ts";

export const deleteWorkPool = command({
  summary: "Delete a work pool with its queues.",
  args: { name: argument("Name of the work pool.") },
  async run(context, { args: { name } }) {
    const question = `Are you sure you want to delete work pool with name '${name}'?`;
    const client = await context.client();
    await orNotFound(client.workPools.read(name), `Work pool '${name}' does not exist.`);
    if (context.isInteractive && !(await context.confirm(question))) throw CommandFailed("Deletion aborted.");

    await client.workPools.delete(name);

    context.out.success(`Deleted work pool '${name}'`);
  },
});
