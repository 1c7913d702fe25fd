import { compareTimestamps } from "../../../kit/timestamp.ts";
import { command } from "../../command.ts";
import { outputFlag, switchFlag } from "../../flags.ts";

export const ls = command({
  summary: "List work pools, the newest first.",
  flags: { verbose: switchFlag("-v, --verbose", "Show the base job templates, too."), output: outputFlag },
  async run({ out, client: connect }, { flags }) {
    const client = await connect();
    const pools = await client.workPools.list();

    const sorted = pools.toSorted((a, b) => compareTimestamps(b.created ?? "", a.created ?? ""));
    if (flags.output === "json") return out.json(sorted);
    if (sorted.length === 0) return out.success("No work pools found.");
    const rows = sorted.map((pool) => [
      pool.is_paused ? `${pool.name} (**)` : pool.name,
      pool.type,
      pool.id,
      pool.concurrency_limit === null ? "None" : String(pool.concurrency_limit),
      ...(flags.verbose ? [JSON.stringify(pool.base_job_template)] : []),
    ]);
    out.table(rows, {
      title: "Work Pools",
      caption: "(**) denotes a paused pool",
      columns: [
        { title: "Name", mayShrink: true },
        { title: "Type" },
        { title: "ID" },
        { title: flags.verbose ? "Limit" : "Concurrency Limit" },
        ...(flags.verbose ? [{ title: "Base Job Template", mayShrink: true }] : []),
      ],
    });
  },
});
