import type { Client } from "../../../client/index.ts";
import type { WorkPoolConcurrencyStatus, WorkQueueConcurrencyStatusDetail } from "../../../schemas/work-pool.ts";
import { orNotFound } from "../../api-errors.ts";
import { command } from "../../command.ts";
import { argument, outputFlag } from "../../flags.ts";
import { slotCells, slotsBar } from "../../slots.ts";

const RUNS_PER_QUEUE = 200;

export const slots = command({
  summary: "Show which runs hold the slots of a work pool.",
  args: { name: argument("Name of the work pool.") },
  flags: { output: outputFlag },
  async run({ out, client: connect }, { args: { name }, flags }) {
    const status = await orNotFound(readAll(await connect(), name), `Work pool '${name}' not found!`);

    if (flags.output === "json") return out.json({ ...status, queues: status.queues.map(withTruncation) });
    out.line(`\nWork Pool: ${out.style("green", name)}`);
    out.line(`  Slots: ${slotsBar(out, status)}\n`);
    const rows = status.queues.flatMap((queue) => queue.flow_runs.map((run) => [queue.queue_name, ...slotCells(run)]));
    if (rows.length === 0) return out.line(out.style("dim", "No flow runs occupying slots."));
    out.table(rows, {
      columns: [
        { title: "Queue", mayShrink: true },
        { title: "Flow Run", mayShrink: true },
        { title: "State" },
        { title: "Duration" },
      ],
    });
    for (const { queue_name, flow_runs, flow_run_count } of status.queues.filter(isTruncated)) {
      out.warn(`\nQueue '${queue_name}': showing ${flow_runs.length} of ${flow_run_count} slot holders`);
    }
  },
});

/** All queues, as one page. */
async function readAll(client: Client, name: string): Promise<WorkPoolConcurrencyStatus> {
  const read = (page: number) => client.workPools.slots(name, { page, flow_run_limit: RUNS_PER_QUEUE });
  const first = await read(1);
  const queues = [...first.queues];
  for (let page = 2; page <= first.pages; page++) queues.push(...(await read(page)).queues);
  return { ...first, queues, page: 1, pages: 1, count: queues.length, limit: queues.length };
}

function withTruncation(queue: WorkQueueConcurrencyStatusDetail): object {
  if (!isTruncated(queue)) return queue;
  return { ...queue, _truncated: { shown: queue.flow_runs.length, total: queue.flow_run_count } };
}

function isTruncated({ flow_runs, flow_run_count }: WorkQueueConcurrencyStatusDetail): boolean {
  return (flow_run_count ?? 0) > flow_runs.length;
}
