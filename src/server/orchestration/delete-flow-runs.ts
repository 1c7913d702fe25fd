import type { Db } from "../../db/database.ts";
import { deleteFlowRuns } from "../../db/repositories/flow-runs.ts";
import { deleteLogsOfFlowRuns } from "../../db/repositories/logs.ts";
import type { ServerContext } from "../context.ts";

/** Deletes runs with all they left, logs too, and gives the ids of those that were there. */
export async function removeFlowRuns(_ctx: ServerContext, tx: Db, ids: readonly string[]): Promise<readonly string[]> {
  const deleted = await deleteFlowRuns(tx, ids);
  if (deleted.length > 0) await deleteLogsOfFlowRuns(tx, deleted);
  return deleted;
}
