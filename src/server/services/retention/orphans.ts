import type { Db } from "../../../db/database.ts";
import {
  type DeletedRow,
  deleteLeftByRuns,
  deleteOldLogs,
  deleteSupersededArtifacts,
} from "../../../db/repositories/expired-runs.ts";
import { listArtifactKeys, listNamedFlowRuns, listStaleCollections } from "../../../db/repositories/orphans.ts";
import { addSeconds } from "../../../kit/timestamp.ts";
import { fallBack } from "../../artifacts.ts";
import type { ServerContext } from "../../context.ts";
import type { Service } from "../../services.ts";
import { inBatches } from "./in-batches.ts";
import { runRetentionSeconds, vacuumKinds } from "./retention-settings.ts";

const FIRST_ID = "00000000-0000-0000-0000-000000000000";
/** Flow runs, or keys of artifacts, looked at at once. */
const PAGE_SIZE = 200;

/**
 * Deletes logs and artifacts of flow runs that are gone, logs and superseded artifacts that are too old, and sets right
 * the collections whose newest artifact is gone. It goes through all of them, and therefore runs less often.
 */
export const orphanRetention: Service = {
  name: "OrphanRetention",
  summary: "Deletes old logs and superseded artifacts, and what belongs to runs that are gone.",
  variable: "PREFECT_SERVER_RETENTION_LOGS",
  intervalSeconds: ({ server }) => server.services.db_vacuum.orphan_cleanup_loop_seconds,
  isEnabled: (settings) =>
    vacuumKinds(settings).has("orphans") ||
    runRetentionSeconds(settings) !== undefined ||
    settings.server.retention.logs > 0 ||
    settings.server.retention.artifacts > 0,
  async tick(ctx, signal) {
    const logs = await cleanLogs(ctx, signal);
    const ofRuns = await deleteOfGoneRuns(ctx, { table: "artifact" }, signal);
    const artifacts = ofRuns + (await deleteSuperseded(ctx, signal));
    const collections = await repairCollections(ctx, signal);
    const rows = logs + artifacts + collections;
    if (rows > 0) ctx.log.info({ logs, artifacts, collections }, "what nothing refers to any more was deleted");
    return rows;
  },
};

/** Logs of runs that are gone, and those that are too old, of whatever run or of none. */
async function cleanLogs(ctx: ServerContext, signal: AbortSignal | undefined): Promise<number> {
  const before = ageLimit(ctx, ctx.settings.server.retention.logs);
  if (before === undefined) return deleteOfGoneRuns(ctx, { table: "log" }, signal);
  const deleteOld = (flowRunIds: readonly string[] | null) =>
    deleteAll(ctx, (tx, limit) => deleteOldLogs(tx, { flowRunIds, before, limit }), signal);
  return (await deleteOfGoneRuns(ctx, { table: "log", whenThere: deleteOld }, signal)) + (await deleteOld(null));
}

interface Walk {
  readonly table: "log" | "artifact";
  /** What to do about the runs that are there; gives how many rows it deleted. */
  whenThere?(flowRunIds: readonly string[]): Promise<number>;
}

/** Goes through the runs that a table names, and deletes its rows of those that are gone. */
async function deleteOfGoneRuns(ctx: ServerContext, walk: Walk, signal: AbortSignal | undefined): Promise<number> {
  const { table, whenThere } = walk;
  let [afterId, rows] = [FIRST_ID, 0];
  await inBatches(async () => {
    const page = await listNamedFlowRuns(ctx.db.read, table, { afterId, limit: PAGE_SIZE });
    afterId = page.at(-1)?.id ?? afterId;
    const idsOf = (isThere: boolean) => page.filter((run) => run.isThere === isThere).map(({ id }) => id);
    const [there, gone] = [idsOf(true), idsOf(false)];
    const deleteGone = (tx: Db, limit: number) => deleteLeftByRuns(tx, table, { by: "flow_run_id", ids: gone, limit });
    if (gone.length > 0) rows += await deleteAll(ctx, deleteGone, signal);
    if (there.length > 0) rows += (await whenThere?.(there)) ?? 0;
    return page.length;
  }, signal);
  return rows;
}

/** Artifacts that have been replaced by newer ones of their key, once they are too old. */
async function deleteSuperseded(ctx: ServerContext, signal: AbortSignal | undefined): Promise<number> {
  const before = ageLimit(ctx, ctx.settings.server.retention.artifacts);
  if (before === undefined) return 0;
  let [after, rows] = ["", 0];
  await inBatches(async () => {
    const keys = await listArtifactKeys(ctx.db.read, { after, limit: PAGE_SIZE });
    after = keys.at(-1) ?? after;
    rows += await deleteAll(ctx, (tx, limit) => deleteSupersededArtifacts(tx, { keys, before, limit }), signal);
    return keys.length;
  }, signal);
  return rows;
}

function repairCollections(ctx: ServerContext, signal: AbortSignal | undefined): Promise<number> {
  const { batch_size: limit } = ctx.settings.server.services.db_vacuum;
  return inBatches(async () => {
    const stale = await listStaleCollections(ctx.db.read, limit);
    await ctx.db.write(async (tx) => {
      for (const { key, latest_id } of stale) await fallBack(ctx, tx, { id: latest_id, key });
    });
    return stale.length;
  }, signal);
}

function deleteAll(
  ctx: ServerContext,
  deleteSome: (tx: Db, limit: number) => Promise<readonly DeletedRow[]>,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { batch_size: limit } = ctx.settings.server.services.db_vacuum;
  return inBatches(async () => (await ctx.db.write((tx) => deleteSome(tx, limit))).length, signal);
}

/** The time, in the database's form, before which is too old; undefined when nothing ever is. */
function ageLimit(ctx: ServerContext, seconds: number): string | undefined {
  return seconds > 0 ? ctx.db.dialect.timestamp(addSeconds(ctx.clock.now(), -seconds)) : undefined;
}
