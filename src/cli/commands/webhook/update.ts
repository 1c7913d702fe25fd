import { orNotFound } from "../../api-errors.ts";
import { command } from "../../command.ts";
import { CommandFailed } from "../../exit.ts";
import { idArgument, textFlag } from "../../flags.ts";

export const update = command({
  summary: "Change a webhook.",
  args: { id: idArgument("Id of the webhook.") },
  flags: {
    name: textFlag("-n, --name <name>", "Another name."),
    template: textFlag("-t, --template <template>", "Another template."),
    description: textFlag("-d, --description <text>", "Another description."),
    secret: textFlag("--secret <secret>", "Another secret; an empty one takes it away."),
  },
  async run({ out, client: connect }, { args: { id }, flags }) {
    const changes = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
    if (Object.keys(changes).length === 0) throw CommandFailed("Nothing to change. Give at least one option.");
    const client = await connect();

    await orNotFound(client.webhooks.update(id, changes), `Webhook '${id}' not found!`);

    out.success(`Successfully updated webhook '${id}'.`);
  },
});
