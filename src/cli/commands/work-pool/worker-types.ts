import type { Client } from "../../../client/index.ts";
import type { WorkerMetadata } from "../../../client/resources/collections.ts";
import { CommandFailed } from "../../exit.ts";

/** What the server knows about the type of a work pool. Throws CommandFailed, which lists the types. */
export async function readWorkerType(client: Client, type: string): Promise<WorkerMetadata> {
  const types = Object.values(await client.collections.workers()).flatMap((each) => Object.values(each));
  const found = types.find((each) => each.type === type);
  if (found !== undefined) return found;
  const known = types.map((each) => each.type).toSorted();
  throw CommandFailed(`Unknown work pool type '${type}'. Please choose from ${known.join(", ")}.`);
}
