import { orNotFound } from "../../api-errors.ts";
import { command } from "../../command.ts";
import type { Context } from "../../context.ts";
import { CommandFailed } from "../../exit.ts";
import { optionalArgument, switchFlag, textFlag } from "../../flags.ts";
import { readDeployment } from "./find-deployment.ts";

export const deleteDeployment = command({
  summary: "Delete a deployment, or all of them.",
  args: { name: optionalArgument("The deployment, as flow/deployment.") },
  flags: {
    id: textFlag("--id <id>", "The deployment's id, in place of its name."),
    all: switchFlag("--all", "Delete all deployments."),
  },
  async run(context, { args: { name }, flags }) {
    if (flags.all) {
      if (name !== undefined || flags.id !== undefined) {
        throw CommandFailed("Cannot provide a deployment name or id when deleting all deployments.");
      }
      return await deleteAll(context);
    }
    if (name === undefined && flags.id === undefined) throw CommandFailed("Must provide a deployment name or id");
    const { id } = await readDeployment(context, name, flags.id);
    const called = name === undefined ? `id '${id}'` : `name '${name}'`;
    await confirmed(context, `Are you sure you want to delete deployment with ${called}?`);
    const client = await context.client();

    await orNotFound(client.deployments.delete(id), `Deployment '${name ?? id}' not found!`);

    context.out.success(`Deleted deployment '${name ?? id}'.`);
  },
});

async function deleteAll(context: Context): Promise<void> {
  const client = await context.client();
  const total = await client.deployments.count();
  if (total === 0) return context.out.success("No deployments found.");
  await confirmed(context, `Are you sure you want to delete all ${total} deployments?`);

  let deleted = 0;
  // What is deleted moves later pages up, so the first one is always the next.
  for (let page = await client.deployments.list(); page.length > 0; page = await client.deployments.list()) {
    for (const { id } of page) await client.deployments.delete(id);
    deleted += page.length;
  }

  context.out.success(`Deleted ${deleted} deployment${deleted === 1 ? "" : "s"}.`);
}

async function confirmed(context: Context, question: string): Promise<void> {
  if (context.isInteractive && !(await context.confirm(question))) throw CommandFailed("Deletion aborted.");
}
