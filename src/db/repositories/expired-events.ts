import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";

/**
 * Deletes up to `limit` events that occurred before `before` (database form), of one name where one is given, with their
 * resources. Those that somebody else has locked are left out. Gives how many it were.
 */
export async function deleteExpiredEvents(
  tx: Db,
  of: { readonly before: string; readonly event?: string; readonly limit: number },
): Promise<number> {
  const { rowLocks } = dialectOf(tx);
  let query = tx.selectFrom("events").select("id").where("occurred", "<", of.before);
  if (of.event !== undefined) query = query.where("event", "=", of.event);
  const oldest = query.orderBy("occurred").limit(of.limit);
  const rows = await (rowLocks ? oldest.forUpdate().skipLocked() : oldest).execute();
  if (rows.length === 0) return 0;
  const ids = { of: rows.map(({ id }) => id), type: "uuid" } as const;
  await tx
    .deleteFrom("event_resources")
    .where(isOneOf(dialectOf(tx), column("event_resources.event_id"), ids))
    .execute();
  await tx
    .deleteFrom("events")
    .where(isOneOf(dialectOf(tx), column("events.id"), ids))
    .execute();
  return rows.length;
}
