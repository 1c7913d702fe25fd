import { command } from "../../command.ts";
import { integerFlag, outputFlag } from "../../flags.ts";

export const ls = command({
  summary: "List webhooks by name.",
  flags: { limit: integerFlag("--limit <count>", "Most webhooks to list.", 200), output: outputFlag },
  async run(context, { flags }) {
    const client = await context.client();
    const webhooks = await client.webhooks.list({ limit: flags.limit });

    if (flags.output === "json") return context.out.json(webhooks);
    if (webhooks.length === 0) return context.out.line("No webhooks found.");
    context.out.table(
      webhooks.map(({ id, name, enabled, slug }) => [id, name, enabled ? "yes" : "no", slug]),
      {
        title: "Webhooks",
        columns: [
          { title: "ID" },
          { title: "Name", mayShrink: true },
          { title: "Enabled" },
          { title: "Slug", mayShrink: true },
        ],
      },
    );
  },
});
