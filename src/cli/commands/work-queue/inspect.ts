import { inspect as pretty } from "node:util";
import { ApiNotFound } from "../../../client/index.ts";
import { command } from "../../command.ts";
import { outputFlag } from "../../flags.ts";
import { poolFlag, queueArgument, readQueue } from "./find-queue.ts";

export const inspect = command({
  summary: "Show everything about a work queue, its health included.",
  args: { name: queueArgument },
  flags: { pool: poolFlag, output: outputFlag },
  async run(context, { args: { name }, flags: { pool, output } }) {
    const { out, settings } = context;
    const queue = await readQueue(context, name, pool);
    const client = await context.client();
    const status = await client.workQueues.readStatus(queue.id).catch((error: unknown) => {
      if (!ApiNotFound.is(error)) throw error;
      return undefined;
    });

    const shown = { ...queue, ...(status && { status_details: status }) };
    if (output === "json") return out.json(shown);
    out.line(pretty(shown, { depth: 10, colors: out.isTerminal && settings.cli.colors }));
  },
});
