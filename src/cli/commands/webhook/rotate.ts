import { orNotFound } from "../../api-errors.ts";
import { command } from "../../command.ts";
import { CommandFailed } from "../../exit.ts";
import { idArgument } from "../../flags.ts";
import { webhookAddress } from "./webhook-address.ts";

export const rotate = command({
  summary: "Give a webhook another address; calls of the old one are refused.",
  args: { id: idArgument("Id of the webhook.") },
  async run(context, { args: { id } }) {
    const question = "Are you sure you want to rotate? This will invalidate the old address.";
    if (context.isInteractive && !(await context.confirm(question))) throw CommandFailed("Rotation aborted.");
    const client = await context.client();

    const webhook = await orNotFound(client.webhooks.rotate(id), `Webhook '${id}' not found!`);

    context.out.success(`Successfully rotated webhook '${id}'.`);
    context.out.line(webhookAddress(client.options.apiUrl, webhook));
  },
});
