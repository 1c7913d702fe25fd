import { orNotFound } from "../../api-errors.ts";
import { command } from "../../command.ts";
import { idArgument } from "../../flags.ts";

export const toggle = command({
  summary: "Enable a webhook that is disabled, or disable it.",
  args: { id: idArgument("Id of the webhook.") },
  async run({ out, client: connect }, { args: { id } }) {
    const client = await connect();
    const { enabled } = await orNotFound(client.webhooks.read(id), `Webhook '${id}' not found!`);

    await client.webhooks.update(id, { enabled: !enabled });

    out.success(`Webhook '${id}' is now ${enabled ? "disabled" : "enabled"}.`);
  },
});
