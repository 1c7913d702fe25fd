import { orNotFound } from "../../api-errors.ts";
import { command } from "../../command.ts";
import { CommandFailed } from "../../exit.ts";
import { idArgument } from "../../flags.ts";

export const deleteWebhook = command({
  summary: "Delete a webhook.",
  args: { id: idArgument("Id of the webhook.") },
  async run(context, { args: { id } }) {
    const question = `Are you sure you want to delete webhook with id '${id}'?`;
    if (context.isInteractive && !(await context.confirm(question))) throw CommandFailed("Deletion aborted.");
    const client = await context.client();

    await orNotFound(client.webhooks.delete(id), `Webhook '${id}' not found!`);

    context.out.success(`Successfully deleted webhook '${id}'.`);
  },
});
