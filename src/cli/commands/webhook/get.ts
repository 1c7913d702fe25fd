import { orNotFound } from "../../api-errors.ts";
import { command } from "../../command.ts";
import { idArgument, outputFlag } from "../../flags.ts";
import { webhookAddress } from "./webhook-address.ts";

export const get = command({
  summary: "Show a webhook, its address and its template.",
  args: { id: idArgument("Id of the webhook.") },
  flags: { output: outputFlag },
  async run({ out, client: connect }, { args: { id }, flags }) {
    const client = await connect();
    const webhook = await orNotFound(client.webhooks.read(id), `Webhook '${id}' not found!`);

    if (flags.output === "json") return out.json(webhook);
    out.line(`Name:        ${webhook.name}`);
    out.line(`Description: ${webhook.description}`);
    out.line(`Enabled:     ${webhook.enabled ? "yes" : "no"}`);
    out.line(`Secret:      ${webhook.has_secret ? "required" : "none"}`);
    out.line(`Address:     ${webhookAddress(client.options.apiUrl, webhook)}`);
    out.line(`\n${webhook.template}`);
  },
});
