import { command } from "../../command.ts";
import { CommandFailed } from "../../exit.ts";
import { inPool, poolFlag, queueArgument, readQueue } from "./find-queue.ts";

export const deleteWorkQueue = command({
  summary: "Delete a work queue.",
  args: { name: queueArgument },
  flags: { pool: poolFlag },
  async run(context, { args: { name }, flags: { pool } }) {
    const { id } = await readQueue(context, name, pool);
    const question = `Are you sure you want to delete work queue with name '${name}'?`;
    if (context.isInteractive && !(await context.confirm(question))) throw CommandFailed("Deletion aborted.");
    const client = await context.client();

    await client.workQueues.delete(id);

    context.out.success(`Successfully deleted work queue '${name}'${inPool(pool)}`);
  },
});
