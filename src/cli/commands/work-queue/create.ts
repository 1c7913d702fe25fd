import { ApiConflict } from "../../../client/index.ts";
import { orNotFound } from "../../api-errors.ts";
import { command } from "../../command.ts";
import { CommandFailed } from "../../exit.ts";
import { argument, integerFlag } from "../../flags.ts";
import { poolFlag } from "./find-queue.ts";

/** Where queues without a pool belong. */
const DEFAULT_POOL = "default-agent-pool";

export const create = command({
  summary: "Create a work queue.",
  args: { name: argument("Name of the work queue.") },
  flags: {
    limit: integerFlag("-l, --limit <count>", "Most flow runs at once.", undefined),
    pool: poolFlag,
    priority: integerFlag("-q, --priority <number>", "Its priority; 1 goes first.", undefined),
  },
  async run({ out, client: connect }, { args: { name }, flags: { limit, pool, priority } }) {
    const client = await connect();
    const queue = { name, ...(limit !== undefined && { concurrency_limit: limit }), ...(priority && { priority }) };
    const creating = client.workQueues.create(queue, pool).catch((error: unknown) => {
      throw ApiConflict.is(error) ? CommandFailed(`Work queue with name: '${name}' already exists.`) : error;
    });
    const { id } = await orNotFound(creating, `Work pool with name: '${pool}' not found.`);

    const inPool = pool ?? DEFAULT_POOL;
    out.success("Created work queue with properties:");
    out.line(`  name - '${name}'`);
    out.line(`  work pool - '${inPool}'`);
    out.line(`  id - ${id}`);
    out.line(`  concurrency limit - ${limit ?? "None"}`);
    out.line("Start a worker to pick up flow runs from the work queue:");
    out.line(`  prefect worker start -q '${name}' -p '${inPool}'`);
  },
});
