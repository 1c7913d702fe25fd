import { command } from "../../command.ts";
import { outputFlag } from "../../flags.ts";
import { poolFlag, queueArgument, readQueue } from "./find-queue.ts";

export const readRuns = command({
  summary: "Ask for the due runs of a work queue, as a worker does.",
  args: { name: queueArgument },
  flags: { pool: poolFlag, output: outputFlag },
  async run(context, { args: { name }, flags: { pool, output } }) {
    const { id } = await readQueue(context, name, pool);
    const client = await context.client();
    const runs = await client.workQueues.getRuns(id, {});

    if (output === "json") return context.out.json(runs);
    context.out.success(
      `Read ${runs.length} runs for work queue '${name}'${pool ? ` in the work pool '${pool}'` : ""}`,
    );
  },
});
