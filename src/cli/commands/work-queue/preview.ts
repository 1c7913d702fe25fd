import { command } from "../../command.ts";
import { integerFlag, outputFlag } from "../../flags.ts";
import { hoursFromNow, showScheduledRuns } from "../../scheduled-runs-table.ts";
import { inPool, poolFlag, queueArgument, readQueue } from "./find-queue.ts";

const MOST_RUNS = 10;

export const preview = command({
  summary: "Show the runs that are to come in a work queue.",
  args: { name: queueArgument },
  flags: {
    hours: integerFlag("-h, --hours <count>", "How many hours to look ahead.", 1),
    pool: poolFlag,
    output: outputFlag,
  },
  async run(context, { args: { name }, flags: { hours, pool, output } }) {
    const client = await context.client();
    const queue = await readQueue(context, name, pool);
    const scheduled_before = hoursFromNow(hours);
    const runs =
      pool === undefined
        ? await client.workQueues.getRuns(queue.id, { limit: MOST_RUNS, scheduled_before })
        : (await client.workPools.getScheduledFlowRuns(pool, { work_queue_names: [queue.name], scheduled_before })).map(
            ({ flow_run }) => flow_run,
          );

    const title = `Preview of Work Queue '${name}'${inPool(pool)}`;
    showScheduledRuns(context.out, runs, { isJson: output === "json", title });
  },
});
