import type { WorkQueueUpdate } from "../../../client/resources/work-queues.ts";
import { type Command, command } from "../../command.ts";
import type { Context } from "../../context.ts";
import { CommandFailed } from "../../exit.ts";
import { argument } from "../../flags.ts";
import { inPool, poolFlag, queueArgument, readQueue } from "./find-queue.ts";

export const pause = command({
  summary: "Pause a work queue: workers get no more runs of it.",
  args: { name: queueArgument },
  flags: { pool: poolFlag },
  async run(context, { args: { name }, flags: { pool } }) {
    const question = `You have not specified a work pool. Are you sure you want to pause ${name} work queue in \`default-agent-pool\`?`;
    if (pool === undefined && !(await context.confirm(question))) throw CommandFailed("Work queue pause aborted!");
    await change(context, { name, pool }, { is_paused: true });
    context.out.success(`Work queue '${name}'${inPool(pool)} paused`);
  },
});

export const resume = simpleChange({
  summary: "Resume a work queue.",
  changes: { is_paused: false },
  done: (queue) => `Work queue ${queue} resumed`,
});

export const clearConcurrencyLimit = simpleChange({
  summary: "Let a work queue run any number of flows at once.",
  changes: { concurrency_limit: null },
  done: (queue) => `Concurrency limits removed on work queue ${queue}`,
});

export const setConcurrencyLimit = command({
  summary: "Set how many flow runs of a work queue may run at once.",
  args: { name: queueArgument, limit: argument("The limit.") },
  flags: { pool: poolFlag },
  async run(context, { args: { name, limit }, flags: { pool } }) {
    if (!/^\d+$/.test(limit)) throw CommandFailed("The limit must be a whole number, 0 or more.");
    await change(context, { name, pool }, { concurrency_limit: Number(limit) });
    context.out.success(`Concurrency limit of ${limit} set on work queue '${name}'${inPool(pool)}`);
  },
});

interface SimpleChange {
  readonly summary: string;
  readonly changes: WorkQueueUpdate;
  done(queue: string): string;
}

function simpleChange({ summary, changes, done }: SimpleChange): Command {
  return command({
    summary,
    args: { name: queueArgument },
    flags: { pool: poolFlag },
    async run(context, { args: { name }, flags: { pool } }) {
      await change(context, { name, pool }, changes);
      context.out.success(done(`'${name}'${inPool(pool)}`));
    },
  });
}

interface QueueName {
  readonly name: string;
  readonly pool: string | undefined;
}

async function change(context: Context, { name, pool }: QueueName, changes: WorkQueueUpdate): Promise<void> {
  const { id } = await readQueue(context, name, pool);
  const client = await context.client();
  await client.workQueues.update(id, changes);
}
