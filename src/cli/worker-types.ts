import type { Client } from "../client/index.ts";
import type { WorkerMetadata } from "../client/resources/collections.ts";
import { choose } from "./choose.ts";
import { CommandFailed } from "./exit.ts";

/** What the server knows about the type of a work pool. Throws CommandFailed, which lists the types. */
export async function readWorkerType(client: Client, type: string): Promise<WorkerMetadata> {
  const types = await listWorkerTypes(client);
  const found = types.find((each) => each.type === type);
  if (found !== undefined) return found;
  const known = types.map((each) => each.type).toSorted();
  throw CommandFailed(`Unknown work pool type '${type}'. Please choose from ${known.join(", ")}.`);
}

/** Lets the user pick a type of work pool. */
export async function chooseWorkerType(client: Client, question: string): Promise<string> {
  const options = (await listWorkerTypes(client)).map(({ type, display_name, description }) => ({
    value: type,
    label: display_name ?? type,
    ...(description && { hint: description }),
  }));
  return await choose(question, options, "process");
}

async function listWorkerTypes(client: Client): Promise<readonly WorkerMetadata[]> {
  return Object.values(await client.collections.workers()).flatMap((each) => Object.values(each));
}
