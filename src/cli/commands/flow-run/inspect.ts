import { inspect as pretty } from "node:util";
import { orNotFound } from "../../api-errors.ts";
import { openInBrowser } from "../../browser.ts";
import { command } from "../../command.ts";
import { CommandFailed } from "../../exit.ts";
import { idArgument, outputFlag, switchFlag } from "../../flags.ts";

export const inspect = command({
  summary: "Show everything about a flow run.",
  args: { id: idArgument("Id of the flow run.") },
  flags: { web: switchFlag("--web", "Open its page in a browser instead."), output: outputFlag },
  async run(context, { args: { id }, flags }) {
    const { out, settings } = context;
    const client = await context.client();
    const run = await orNotFound(client.flowRuns.read(id), `Flow run '${id}' not found!`);

    if (flags.web) {
      if (!settings.ui_url) throw CommandFailed("There is no address of the pages. Set PREFECT_UI_URL.");
      await openInBrowser(`${settings.ui_url}/runs/flow-run/${id}`);
      return out.success(`Opened flow run '${id}' in browser.`);
    }
    if (flags.output === "json") return out.json(run);
    out.line(pretty(run, { depth: 10, colors: out.isTerminal && settings.cli.colors }));
  },
});
