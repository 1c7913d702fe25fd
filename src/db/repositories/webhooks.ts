import type { Db } from "../database.ts";
import type { NewRow, Row, RowChanges } from "../tables.ts";

export type WebhookRow = Row<"prefect_ts_webhook">;

export async function insertWebhook(db: Db, webhook: NewRow<"prefect_ts_webhook">): Promise<WebhookRow> {
  return await db.insertInto("prefect_ts_webhook").values(webhook).returningAll().executeTakeFirstOrThrow();
}

export async function findWebhook(db: Db, id: string): Promise<WebhookRow | undefined> {
  return await db.selectFrom("prefect_ts_webhook").selectAll().where("id", "=", id).executeTakeFirst();
}

/** By the last part of its address. */
export async function findWebhookBySlug(db: Db, slug: string): Promise<WebhookRow | undefined> {
  return await db.selectFrom("prefect_ts_webhook").selectAll().where("slug", "=", slug).executeTakeFirst();
}

/** By name; all of them are looked at, as they are few. */
export async function listWebhooks(
  db: Db,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<readonly WebhookRow[]> {
  const all = db.selectFrom("prefect_ts_webhook").selectAll();
  return await all.orderBy("name").orderBy("id").limit(limit).offset(offset).execute();
}

/** Returns undefined when no row has that id. */
export async function updateWebhook(
  db: Db,
  id: string,
  changes: RowChanges<"prefect_ts_webhook">,
): Promise<WebhookRow | undefined> {
  return await db.updateTable("prefect_ts_webhook").set(changes).where("id", "=", id).returningAll().executeTakeFirst();
}

/** Returns false when no row has that id. */
export async function deleteWebhook(db: Db, id: string): Promise<boolean> {
  const result = await db.deleteFrom("prefect_ts_webhook").where("id", "=", id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}
