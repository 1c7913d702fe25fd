import { command } from "../../command.ts";
import { CommandFailed } from "../../exit.ts";
import { argument, textFlag } from "../../flags.ts";
import { webhookAddress } from "./webhook-address.ts";

export const create = command({
  summary: "Create a webhook.",
  details: `The template makes an event, as JSON, of a call's method, headers and body:
  '{"event": "{{ body.type }}", "resource": {"prefect.resource.id": "order.{{ body.id }}"}}'`,
  args: { name: argument("Name of the webhook.") },
  flags: {
    template: textFlag("-t, --template <template>", "Jinja template of the event."),
    description: textFlag("-d, --description <text>", "What the webhook is for."),
    secret: textFlag("--secret <secret>", "What callers must send as a bearer token."),
  },
  async run({ out, client: connect }, { args: { name }, flags }) {
    const { template, description = "", secret = null } = flags;
    if (template === undefined) throw CommandFailed("A webhook needs a template. Give one with --template.");
    const client = await connect();

    const webhook = await client.webhooks.create({ name, template, description, secret });

    out.success(`Successfully created webhook '${webhook.name}' with id '${webhook.id}'.`);
    out.line(webhookAddress(client.options.apiUrl, webhook));
  },
});
