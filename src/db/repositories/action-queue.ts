import type { TriggeredAction } from "../../domain/automations/firing.ts";
import { parseJson } from "../../kit/json.ts";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { rowInserter } from "../insert-rows.ts";

const insertRows = rowInserter("prefect_ts_action_queue", [
  "id",
  "created",
  "updated",
  "automation_id",
  "triggered_action",
  "available",
  "attempts",
]);

/** Lets actions wait for those who do them. */
export async function queueActions(db: Db, actions: readonly TriggeredAction[], at: Timestamp): Promise<void> {
  const now = dialectOf(db).timestamp(at);
  const rows = actions.map((action) => ({
    id: action.id,
    created: now,
    updated: now,
    automation_id: action.automation.id,
    triggered_action: JSON.stringify(action),
    available: now,
    attempts: 0,
  }));
  await insertRows(db, rows);
}

/** An action that somebody does, until `until`; then it is anybody's again. */
export interface ClaimedAction {
  readonly action: TriggeredAction;
  /** 1 for the first time. */
  readonly attempt: number;
  readonly until: Timestamp;
}

interface ClaimTimes {
  readonly now: Timestamp;
  readonly until: Timestamp;
}

/** Takes up to `limit` actions that wait, the longest waiting first. */
export async function claimActions(tx: Db, times: ClaimTimes, limit: number): Promise<readonly ClaimedAction[]> {
  const { timestamp, rowLocks } = dialectOf(tx);
  const query = tx
    .selectFrom("prefect_ts_action_queue")
    .select(["id", "triggered_action", "attempts"])
    .where("available", "<=", timestamp(times.now))
    .orderBy("available")
    .orderBy("id")
    .limit(limit);
  const rows = await (rowLocks ? query.forUpdate().skipLocked() : query).execute();
  for (const { id, attempts } of rows) {
    await tx
      .updateTable("prefect_ts_action_queue")
      .set({ available: timestamp(times.until), attempts: attempts + 1, updated: timestamp(times.now) })
      .where("id", "=", id)
      .execute();
  }
  return rows.map(({ triggered_action, attempts }) => ({
    action: parseJson(triggered_action) as TriggeredAction,
    attempt: attempts + 1,
    until: times.until,
  }));
}

/** Keeps a claim for longer. Returns false when it has run out and somebody else has taken the action. */
export async function renewActionClaim(db: Db, claim: ClaimedAction, until: Timestamp): Promise<boolean> {
  const { timestamp } = dialectOf(db);
  const result = await db
    .updateTable("prefect_ts_action_queue")
    .set({ available: timestamp(until) })
    .where("id", "=", claim.action.id)
    .where("available", "=", timestamp(claim.until))
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Takes an action that is done, or will never be, out of the queue. Returns false when it was not there any more. */
export async function deleteQueuedAction(db: Db, id: string): Promise<boolean> {
  const result = await db.deleteFrom("prefect_ts_action_queue").where("id", "=", id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}
