import { inspect as pretty } from "node:util";
import { command } from "../../command.ts";
import { argument, outputFlag } from "../../flags.ts";
import { readDeploymentByName } from "./find-deployment.ts";

export const inspect = command({
  summary: "Show everything about a deployment, its automations included.",
  args: { name: argument("The deployment, as flow/deployment.") },
  flags: { output: outputFlag },
  async run(context, { args: { name }, flags }) {
    const { out, settings } = context;
    const deployment = await readDeploymentByName(context, name);
    const client = await context.client();
    const automations = await client.automations.listRelated(`prefect.deployment.${deployment.id}`);

    const shown = { ...deployment, automations };
    if (flags.output === "json") return out.json(shown);
    out.line(pretty(shown, { depth: 10, colors: out.isTerminal && settings.cli.colors }));
  },
});
