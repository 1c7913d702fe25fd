import { orNotFound } from "../../api-errors.ts";
import { command } from "../../command.ts";
import { argument, integerFlag, outputFlag } from "../../flags.ts";
import { hoursFromNow, showScheduledRuns } from "../../scheduled-runs-table.ts";

export const preview = command({
  summary: "Show the runs that are to come in all queues of a work pool.",
  args: { name: argument("Name of the work pool.") },
  flags: { hours: integerFlag("-h, --hours <count>", "How many hours to look ahead.", 1), output: outputFlag },
  async run({ out, client: connect }, { args: { name }, flags }) {
    const client = await connect();
    const due = await orNotFound(
      client.workPools.getScheduledFlowRuns(name, { scheduled_before: hoursFromNow(flags.hours) }),
      `Work pool '${name}' does not exist.`,
    );

    showScheduledRuns(
      out,
      due.map(({ flow_run }) => flow_run),
      { isJson: flags.output === "json" },
    );
  },
});
