import { command } from "../../command.ts";
import { integerFlag, outputFlag } from "../../flags.ts";

export const ls = command({
  summary: "List flows, the newest first.",
  flags: { limit: integerFlag("--limit <count>", "Most flows to list.", 15), output: outputFlag },
  async run(context, { flags }) {
    const client = await context.client();
    const flows = await client.flows.list({ limit: flags.limit, sort: "CREATED_DESC" });

    if (flags.output === "json") return context.out.json(flows);
    if (flows.length === 0) return context.out.line("No flows found.");
    context.out.table(
      flows.map((flow) => [flow.id, flow.name, flow.created ?? ""]),
      { title: "Flows", columns: [{ title: "ID" }, { title: "Name", mayShrink: true }, { title: "Created" }] },
    );
  },
});
