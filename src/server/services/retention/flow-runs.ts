import type { Db } from "../../../db/database.ts";
import {
  deleteLeftByRuns,
  deleteTaskRuns,
  lockExpiredFlowRuns,
  lockExpiredTaskRuns,
  type RunIds,
} from "../../../db/repositories/expired-runs.ts";
import { deleteFlowRuns } from "../../../db/repositories/flow-runs.ts";
import { addSeconds } from "../../../kit/timestamp.ts";
import { fallBack } from "../../artifacts.ts";
import type { ServerContext } from "../../context.ts";
import type { Service } from "../../services.ts";
import { inBatches } from "./in-batches.ts";
import { runRetentionSeconds } from "./retention-settings.ts";

/** A run goes with its states, of which it has about three. */
const ROWS_OF_RUN = 4;

/** Deletes runs that ended long ago, with all they left. */
export const flowRunRetention: Service = {
  name: "FlowRunRetention",
  summary: "Deletes runs that ended long ago, with all they left.",
  variable: "PREFECT_SERVER_RETENTION_FLOW_RUNS",
  intervalSeconds: ({ server }) => server.services.db_vacuum.loop_seconds,
  isEnabled: (settings) => runRetentionSeconds(settings) !== undefined,
  async tick(ctx, signal) {
    const seconds = runRetentionSeconds(ctx.settings);
    if (seconds === undefined) return 0;
    const { batch_size: limit } = ctx.settings.server.services.db_vacuum;
    const of = { before: ctx.db.dialect.timestamp(addSeconds(ctx.clock.now(), -seconds)), limit };
    const flowRows = await inBatches(() => ctx.db.write((tx) => deleteSomeFlowRuns(ctx, tx, of)), signal);
    const taskRows = await inBatches(() => ctx.db.write((tx) => deleteSomeTaskRuns(ctx, tx, of)), signal);
    const rows = flowRows + taskRows;
    if (rows > 0) tell(ctx, { rows, older_than_seconds: seconds });
    return rows;
  },
};

/** Whose owner has been told; once is enough. */
const told = new WeakSet<ServerContext>();

function tell(ctx: ServerContext, what: object): void {
  const message =
    "runs that ended long ago were deleted; PREFECT_SERVER_RETENTION_FLOW_RUNS says how long they are kept";
  if (told.has(ctx)) ctx.log.info(what, message);
  else ctx.log.warn(what, message);
  told.add(ctx);
}

interface Expired {
  /** Database form. */
  readonly before: string;
  /** Rows of one transaction. */
  readonly limit: number;
}

/** What a run left goes before it does, however much that is; whoever looks meanwhile sees less of a run. */
async function deleteSomeFlowRuns(ctx: ServerContext, tx: Db, { before, limit }: Expired): Promise<number> {
  const ids = await lockExpiredFlowRuns(tx, before, Math.ceil(limit / ROWS_OF_RUN));
  if (ids.length === 0) return 0;
  const rows = await deleteLeft(ctx, tx, { by: "flow_run_id", ids, limit });
  if (rows >= limit) return rows;
  await deleteFlowRuns(tx, ids);
  return rows + ids.length;
}

async function deleteSomeTaskRuns(ctx: ServerContext, tx: Db, { before, limit }: Expired): Promise<number> {
  const ids = await lockExpiredTaskRuns(tx, before, Math.ceil(limit / ROWS_OF_RUN));
  if (ids.length === 0) return 0;
  const rows = await deleteLeft(ctx, tx, { by: "task_run_id", ids, limit });
  if (rows >= limit) return rows;
  await deleteTaskRuns(tx, ids);
  return rows + ids.length;
}

/** Deletes what these runs left, up to `limit` rows of it. */
async function deleteLeft(
  ctx: ServerContext,
  tx: Db,
  { limit, ...runs }: RunIds & { readonly limit: number },
): Promise<number> {
  const tables =
    runs.by === "flow_run_id" ? (["log", "artifact", "task_run"] as const) : (["log", "artifact"] as const);
  let rows = 0;
  for (const table of tables) {
    const deleted = await deleteLeftByRuns(tx, table, { ...runs, limit: limit - rows });
    if (table === "artifact") for (const artifact of deleted) await fallBack(ctx, tx, artifact);
    rows += deleted.length;
    if (rows >= limit) break;
  }
  return rows;
}
