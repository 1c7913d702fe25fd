import type { Client } from "../../../client/index.ts";
import { compareTimestamps } from "../../../kit/timestamp.ts";
import type { WorkQueueResponse as WorkQueue } from "../../../schemas/work-queue.ts";
import { orNotFound } from "../../api-errors.ts";
import { command } from "../../command.ts";
import { outputFlag, switchFlag, textFlag } from "../../flags.ts";
import { poolFlag } from "./find-queue.ts";

export const ls = command({
  summary: "List work queues, the newest first.",
  flags: {
    verbose: switchFlag("-v, --verbose", "Show the descriptions, too."),
    match: textFlag("-m, --match <prefix>", "Only queues whose name begins so."),
    pool: poolFlag,
    output: outputFlag,
  },
  async run({ out, client: connect }, { flags: { verbose, match, pool, output } }) {
    const client = await connect();
    const prefix = match === undefined ? {} : { work_queues: { name: { startswith_: [match] } } };
    const queues = await orNotFound(client.workQueues.list(prefix, pool), `No work pool found: '${pool}'`);

    const sorted = queues.toSorted((a, b) => compareTimestamps(b.created ?? "", a.created ?? ""));
    if (output === "json") return out.json(sorted);
    const pools = pool === undefined ? await poolNames(client, sorted) : undefined;
    const rows = sorted.map((queue) => [
      queue.is_paused ? `${queue.name} (**)` : queue.name,
      ...(pools === undefined ? [String(queue.priority)] : [pools.get(queue.work_pool_id ?? "") ?? "", queue.id]),
      queue.concurrency_limit === null ? "None" : String(queue.concurrency_limit),
      ...(verbose ? [queue.description ?? ""] : []),
    ]);
    out.table(rows, {
      title: pool === undefined ? "Work Queues" : `Work Queues in Work Pool '${pool}'`,
      caption: "(**) denotes a paused queue",
      columns: [
        { title: "Name", mayShrink: true },
        ...(pools === undefined ? [{ title: "Priority" }] : [{ title: "Pool", mayShrink: true }, { title: "ID" }]),
        { title: "Concurrency Limit" },
        ...(verbose ? [{ title: "Description", mayShrink: true }] : []),
      ],
    });
  },
});

async function poolNames(client: Client, queues: readonly WorkQueue[]): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(queues.flatMap(({ work_pool_id }) => (work_pool_id === null ? [] : [work_pool_id])))];
  if (ids.length === 0) return new Map();
  const pools = await client.workPools.list({ work_pools: { id: { any_: ids } } });
  return new Map(pools.map(({ id, name }) => [id, name]));
}
