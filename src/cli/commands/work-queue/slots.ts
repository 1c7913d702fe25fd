import type { Client } from "../../../client/index.ts";
import type { WorkQueueConcurrencyStatus } from "../../../schemas/work-queue.ts";
import { command } from "../../command.ts";
import { outputFlag } from "../../flags.ts";
import { slotCells, slotsBar } from "../../slots.ts";
import { poolFlag, queueArgument, readQueue } from "./find-queue.ts";

export const slots = command({
  summary: "Show which runs hold the slots of a work queue.",
  args: { name: queueArgument },
  flags: { pool: poolFlag, output: outputFlag },
  async run(context, { args: { name }, flags: { pool, output } }) {
    const { out } = context;
    const { id } = await readQueue(context, name, pool);
    const status = await readAll(await context.client(), id);

    if (output === "json") return out.json(status);
    out.line(`\nWork Queue: ${out.style("cyan", name)}`);
    out.line(`  Slots: ${slotsBar(out, status)}\n`);
    if (status.flow_runs.length === 0) return out.line(out.style("dim", "No flow runs occupying slots."));
    out.table(status.flow_runs.map(slotCells), {
      columns: [{ title: "Flow Run", mayShrink: true }, { title: "State" }, { title: "Duration" }],
    });
  },
});

/** All runs, as one page. */
async function readAll(client: Client, id: string): Promise<WorkQueueConcurrencyStatus> {
  const first = await client.workQueues.slots(id, { page: 1 });
  const flow_runs = [...first.flow_runs];
  for (let page = 2; page <= first.pages; page++) {
    flow_runs.push(...(await client.workQueues.slots(id, { page })).flow_runs);
  }
  return { ...first, flow_runs, page: 1, pages: 1, count: flow_runs.length, limit: flow_runs.length };
}
