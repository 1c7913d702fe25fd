import type { ExpressionBuilder } from "kysely";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf } from "../dialects/expressions.ts";
import { matchAutomation } from "../filters/automation.ts";
import { column } from "../filters/filter.ts";
import { automationOrder } from "../filters/sorting.ts";
import type { NewRow, Row, RowChanges, Tables } from "../tables.ts";

type Filter = Parameters<typeof matchAutomation>[1];
type AutomationRow = Row<"automation">;

export async function findAutomation(db: Db, id: string): Promise<AutomationRow | undefined> {
  return db.selectFrom("automation").selectAll().where("id", "=", id).executeTakeFirst();
}

export async function insertAutomation(db: Db, automation: NewRow<"automation">): Promise<AutomationRow> {
  return db.insertInto("automation").values(automation).returningAll().executeTakeFirstOrThrow();
}

/** Returns undefined when there is no such automation. */
export async function updateAutomation(
  db: Db,
  id: string,
  changes: RowChanges<"automation">,
): Promise<AutomationRow | undefined> {
  return db.updateTable("automation").set(changes).where("id", "=", id).returningAll().executeTakeFirst();
}

/** Gives the row that was there; buckets, firings and relations go with it. */
export async function deleteAutomation(db: Db, id: string): Promise<AutomationRow | undefined> {
  return db.deleteFrom("automation").where("id", "=", id).returningAll().executeTakeFirst();
}

export async function listAutomations(
  db: Db,
  filter: Filter,
  how: { readonly sort: Parameters<typeof automationOrder>[0]; readonly limit: number; readonly offset: number },
): Promise<readonly AutomationRow[]> {
  return db
    .selectFrom("automation")
    .selectAll()
    .where(matchAutomation(dialectOf(db), filter))
    .orderBy(automationOrder(how.sort))
    .limit(how.limit)
    .offset(how.offset)
    .execute();
}

export async function countAutomations(db: Db, filter: Filter): Promise<number> {
  const row = await db
    .selectFrom("automation")
    .select((query) => query.fn.countAll<number>().as("count"))
    .where(matchAutomation(dialectOf(db), filter))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Automations that concern a resource such as `prefect.deployment.<id>`, the oldest first. */
export async function listRelatedAutomations(db: Db, resourceId: string): Promise<readonly AutomationRow[]> {
  return db
    .selectFrom("automation")
    .selectAll()
    .where("id", "in", (query) => relatedIds(query, resourceId))
    .orderBy("created")
    .execute();
}

/** Deletes the automations that belong to a resource and were made by then (in the database's form). */
export async function deleteOwnedAutomations(db: Db, resourceId: string, createdBefore: string): Promise<void> {
  await db
    .deleteFrom("automation")
    .where("id", "in", (query) => relatedIds(query, resourceId).where("automation_owned_by_resource", "=", true))
    .where("created", "<=", createdBefore)
    .execute();
}

export interface AutomationRelation {
  readonly id: string;
  readonly automation_id: string;
  readonly resource_id: string;
  readonly isOwner: boolean;
  /** In the database's form. */
  readonly now: string;
}

/** Relates an automation to a resource; one that is its owner stays so. */
export async function relateAutomation(db: Db, relation: AutomationRelation): Promise<void> {
  const { id, automation_id, resource_id, isOwner, now } = relation;
  await db
    .insertInto("automation_related_resource")
    .values({ id, created: now, updated: now, automation_id, resource_id, automation_owned_by_resource: isOwner })
    .onConflict((conflict) =>
      conflict
        .columns(["automation_id", "resource_id"])
        .doUpdateSet({ updated: now, ...(isOwner ? { automation_owned_by_resource: true } : {}) }),
    )
    .execute();
}

/** Forgets which deployments an automation runs, but not which one owns it. */
export async function forgetDeploymentsOfAutomation(db: Db, automationId: string): Promise<void> {
  await db
    .deleteFrom("automation_related_resource")
    .where("automation_id", "=", automationId)
    .where("resource_id", "like", "prefect.deployment.%")
    .where("automation_owned_by_resource", "=", false)
    .execute();
}

function relatedIds(query: ExpressionBuilder<Tables, "automation">, resourceId: string) {
  return query
    .selectFrom("automation_related_resource")
    .select("automation_related_resource.automation_id")
    .where("automation_related_resource.resource_id", "=", resourceId);
}

/** Which automations are switched on, and when each was last changed. */
export async function listEnabledAutomations(db: Db): Promise<readonly Pick<AutomationRow, "id" | "updated">[]> {
  return db.selectFrom("automation").select(["id", "updated"]).where("enabled", "=", true).execute();
}

export async function findAutomations(db: Db, ids: readonly string[]): Promise<readonly AutomationRow[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom("automation")
    .selectAll()
    .where(isOneOf(dialectOf(db), column("automation.id"), { of: ids, type: "uuid" }))
    .execute();
}

/** Which of the automations are still there; they stay until the end of the transaction. */
export async function keepAutomations(tx: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const query = tx
    .selectFrom("automation")
    .select("id")
    .where(isOneOf(dialectOf(tx), column("automation.id"), { of: ids, type: "uuid" }))
    .orderBy("id");
  const rows = await (dialectOf(tx).rowLocks ? query.forKeyShare() : query).execute();
  return new Set(rows.map(({ id }) => id));
}
