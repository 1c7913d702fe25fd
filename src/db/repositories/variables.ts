import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { variableOrder } from "../filters/sorting.ts";
import { matchVariable } from "../filters/variable.ts";
import type { NewRow, Row, RowChanges } from "../tables.ts";

/** One variable, named by either. */
export type VariableKey = { readonly id: string } | { readonly name: string };

export async function findVariable(db: Db, key: VariableKey): Promise<Row<"variable"> | undefined> {
  const [column, value] = keyColumn(key);
  return db.selectFrom("variable").selectAll().where(column, "=", value).executeTakeFirst();
}

/** Returns undefined when there is a variable of that name; nothing is written then. */
export async function insertVariable(db: Db, variable: NewRow<"variable">): Promise<Row<"variable"> | undefined> {
  const statement = db.insertInto("variable").values(variable);
  return statement
    .onConflict((conflict) => conflict.column("name").doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** Returns undefined when there is no such variable. A name that is taken is the database's own error. */
export async function updateVariable(
  db: Db,
  key: VariableKey,
  changes: Pick<RowChanges<"variable">, "name" | "value" | "tags" | "updated">,
): Promise<Row<"variable"> | undefined> {
  const [column, value] = keyColumn(key);
  return db.updateTable("variable").set(changes).where(column, "=", value).returningAll().executeTakeFirst();
}

/** Gives the row that was there. */
export async function deleteVariable(db: Db, key: VariableKey): Promise<Row<"variable"> | undefined> {
  const [column, value] = keyColumn(key);
  return db.deleteFrom("variable").where(column, "=", value).returningAll().executeTakeFirst();
}

function keyColumn(key: VariableKey): readonly ["id" | "name", string] {
  return "id" in key ? ["id", key.id] : ["name", key.name];
}

type Filter = Parameters<typeof matchVariable>[1];

export async function listVariables(
  db: Db,
  filter: Filter,
  how: { readonly sort: Parameters<typeof variableOrder>[0]; readonly limit: number; readonly offset: number },
): Promise<readonly Row<"variable">[]> {
  return db
    .selectFrom("variable")
    .selectAll()
    .where(matchVariable(dialectOf(db), filter))
    .orderBy(variableOrder(how.sort))
    .limit(how.limit)
    .offset(how.offset)
    .execute();
}

export async function countVariables(db: Db, filter: Filter): Promise<number> {
  const row = await db
    .selectFrom("variable")
    .select((query) => query.fn.countAll<number>().as("count"))
    .where(matchVariable(dialectOf(db), filter))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
