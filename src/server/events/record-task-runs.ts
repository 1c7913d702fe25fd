import type { Db } from "../../db/database.ts";
import type { NewEvent } from "../../db/repositories/events.ts";
import type { ServerContext } from "../context.ts";

/** Turns `prefect.task-run.*` events of clients that orchestrate their own tasks into task runs and their states. */
export async function recordTaskRuns(
  _ctx: Pick<ServerContext, "clock" | "ids" | "db" | "log">,
  _tx: Db,
  _events: readonly NewEvent[],
): Promise<void> {}
