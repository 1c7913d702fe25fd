import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import { matchingFlows } from "../filters/related.ts";
import { flowOrder } from "../filters/sorting.ts";
import { prepare } from "../prepared.ts";
import type { NewRow, Row } from "../tables.ts";

const readOne = prepare<{ id: string }, Row<"flow">>(
  "read_flow",
  (db, value) => db.selectFrom("flow").selectAll().where("id", "=", value("id")),
  { isPlainRead: true },
);

export async function findFlow(db: Db, id: string): Promise<Row<"flow"> | undefined> {
  const rows = await readOne(db, { id });
  return rows[0];
}

const readByName = prepare<{ name: string }, Row<"flow">>("read_flow_by_name", (db, value) =>
  db.selectFrom("flow").selectAll().where("name", "=", value("name")),
);

export async function findFlowByName(db: Db, name: string): Promise<Row<"flow"> | undefined> {
  const rows = await readByName(db, { name });
  return rows[0];
}

/** Returns undefined when there is a flow of that name; nothing is written then. */
export async function insertFlow(db: Db, flow: NewRow<"flow">): Promise<Row<"flow"> | undefined> {
  const statement = db.insertInto("flow").values(flow);
  return statement
    .onConflict((conflict) => conflict.column("name").doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** JSON columns as text, `updated` in the database's form. Returns undefined when no flow has that id. */
export async function updateFlow(
  db: Db,
  id: string,
  changes: { readonly tags?: string; readonly updated: string },
): Promise<Row<"flow"> | undefined> {
  return db.updateTable("flow").set(changes).where("id", "=", id).returningAll().executeTakeFirst();
}

/** Deletes flows with their deployments and runs, and gives the rows that were there. */
export async function deleteFlows(db: Db, ids: readonly string[]): Promise<readonly Row<"flow">[]> {
  return db
    .deleteFrom("flow")
    .where(isOneOf(dialectOf(db), column("flow.id"), { of: ids, type: "uuid" }))
    .returningAll()
    .execute();
}

/** What flows to list: each part that is given must match. */
export type FlowFilters = Parameters<typeof matchingFlows>[1];

export async function listFlows(
  db: Db,
  filters: FlowFilters,
  how: { readonly sort: Parameters<typeof flowOrder>[0]; readonly limit: number; readonly offset: number },
): Promise<readonly Row<"flow">[]> {
  return db
    .selectFrom("flow")
    .selectAll()
    .where(matchingFlows(dialectOf(db), filters))
    .orderBy(flowOrder(how.sort))
    .limit(how.limit)
    .offset(how.offset)
    .execute();
}

export async function countFlows(db: Db, filters: FlowFilters): Promise<number> {
  const row = await db
    .selectFrom("flow")
    .select((query) => query.fn.countAll<number>().as("count"))
    .where(matchingFlows(dialectOf(db), filters))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
