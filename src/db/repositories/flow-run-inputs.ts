import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import type { NewRow, Row } from "../tables.ts";

/** Returns false when the run already has an input with that key; nothing is written then. The run must be there. */
export async function insertFlowRunInput(db: Db, input: NewRow<"flow_run_input">): Promise<boolean> {
  const rows = await db
    .insertInto("flow_run_input")
    .values(input)
    .onConflict((conflict) => conflict.columns(["flow_run_id", "key"]).doNothing())
    .returning("id")
    .execute();
  return rows.length === 1;
}

/** Where an input is. */
interface InputKey {
  readonly flow_run_id: string;
  readonly key: string;
}

export async function findFlowRunInput(db: Db, at: InputKey): Promise<Row<"flow_run_input"> | undefined> {
  const query = db.selectFrom("flow_run_input").selectAll().where("flow_run_id", "=", at.flow_run_id);
  return query.where("key", "=", at.key).executeTakeFirst();
}

/** Longer than any key, and than SQLite takes for a pattern. */
const MAX_PREFIX_CHARS = 10_000;

/** Inputs whose keys begin with `prefix` (`%` and `_` are wildcards) and are none of `excludeKeys`, oldest first. */
export async function listFlowRunInputs(
  db: Db,
  wanted: {
    readonly flow_run_id: string;
    readonly prefix: string;
    readonly excludeKeys: readonly string[];
    readonly limit: number;
  },
): Promise<readonly Row<"flow_run_input">[]> {
  const { prefix } = wanted;
  if (prefix.includes("\0") || prefix.length > MAX_PREFIX_CHARS) return [];
  const key = column("flow_run_input.key");
  return db
    .selectFrom("flow_run_input")
    .selectAll()
    .where("flow_run_id", "=", wanted.flow_run_id)
    .where("key", "like", `${prefix}%`)
    .where(({ not }) => not(isOneOf(dialectOf(db), key, { of: wanted.excludeKeys, type: "text" })))
    .orderBy("created")
    .orderBy("id")
    .limit(wanted.limit)
    .execute();
}

/** Gives how many were deleted; unknown keys are none. */
export async function deleteFlowRunInputs(db: Db, flowRunId: string, keys: readonly string[]): Promise<number> {
  const wanted = isOneOf(dialectOf(db), column("flow_run_input.key"), { of: keys, type: "text" });
  const query = db.deleteFrom("flow_run_input").where("flow_run_id", "=", flowRunId).where(wanted);
  const result = await query.executeTakeFirst();
  return Number(result.numDeletedRows);
}
