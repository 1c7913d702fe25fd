import { inspect as pretty } from "node:util";
import { orNotFound } from "../../api-errors.ts";
import { command } from "../../command.ts";
import { argument, outputFlag } from "../../flags.ts";

export const inspect = command({
  summary: "Show everything about a work pool.",
  args: { name: argument("Name of the work pool.") },
  flags: { output: outputFlag },
  async run({ out, settings, client: connect }, { args: { name }, flags }) {
    const client = await connect();
    const pool = await orNotFound(client.workPools.read(name), `Work pool '${name}' not found!`);

    if (flags.output === "json") return out.json(pool);
    out.line(pretty(pool, { depth: 10, colors: out.isTerminal && settings.cli.colors }));
  },
});
