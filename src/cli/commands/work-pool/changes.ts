import type { WorkPoolUpdate } from "../../../client/resources/work-pools.ts";
import { orNotFound } from "../../api-errors.ts";
import { type Command, command } from "../../command.ts";
import type { Context } from "../../context.ts";
import { CommandFailed } from "../../exit.ts";
import { argument, integerFlag, textFlag } from "../../flags.ts";
import { readTemplate } from "./read-template.ts";

const nameArgument = argument("Name of the work pool.");

export const pause = simpleChange("Pause a work pool: its workers get no more runs.", { is_paused: true }, "Paused");
export const resume = simpleChange("Resume a work pool.", { is_paused: false }, "Resumed");
export const clearConcurrencyLimit = simpleChange(
  "Let a work pool run any number of flows at once.",
  { concurrency_limit: null },
  "Cleared concurrency limit for",
);

export const setConcurrencyLimit = command({
  summary: "Set how many flow runs of a work pool may run at once.",
  args: { name: nameArgument, concurrencyLimit: argument("The limit.") },
  async run(context, { args: { name, concurrencyLimit } }) {
    if (!/^\d+$/.test(concurrencyLimit)) throw CommandFailed("The limit must be a whole number, 0 or more.");
    await change(context, name, { concurrency_limit: Number(concurrencyLimit) });
    context.out.success(`Set concurrency limit for work pool '${name}' to ${concurrencyLimit}`);
  },
});

export const update = command({
  summary: "Change a work pool.",
  args: { name: nameArgument },
  flags: {
    baseJobTemplate: textFlag("--base-job-template <file>", "JSON file with another base job template."),
    concurrencyLimit: integerFlag("--concurrency-limit <count>", "Most flow runs at once (-cl).", undefined),
    description: textFlag("--description <text>", "Another description."),
  },
  async run(context, { args: { name }, flags }) {
    const { baseJobTemplate, concurrencyLimit, description } = flags;
    const changes: WorkPoolUpdate = {
      ...(baseJobTemplate && { base_job_template: readTemplate(baseJobTemplate, context.inputs.cwd) }),
      ...(concurrencyLimit !== undefined && { concurrency_limit: concurrencyLimit }),
      ...(description && { description }),
    };
    await change(context, name, changes);
    context.out.success(`Updated work pool '${name}'`);
  },
});

function simpleChange(summary: string, changes: WorkPoolUpdate, done: string): Command {
  return command({
    summary,
    args: { name: nameArgument },
    async run(context, { args: { name } }) {
      await change(context, name, changes);
      context.out.success(`${done} work pool '${name}'`);
    },
  });
}

async function change(context: Context, name: string, changes: WorkPoolUpdate): Promise<void> {
  const client = await context.client();
  await orNotFound(client.workPools.update(name, changes), `Work pool named '${name}' does not exist.`);
}
