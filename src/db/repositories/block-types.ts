import { sql } from "kysely";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf } from "../dialects/expressions.ts";
import { matchBlockSchema, matchBlockType } from "../filters/block.ts";
import { column } from "../filters/filter.ts";
import type { NewRow, Row, RowChanges } from "../tables.ts";

export type BlockTypeRow = Row<"block_type">;
export type BlockTypeKey = { readonly id: string } | { readonly slug: string };

export async function findBlockType(db: Db, key: BlockTypeKey): Promise<BlockTypeRow | undefined> {
  const [name, value] = "id" in key ? (["id", key.id] as const) : (["slug", key.slug] as const);
  return db.selectFrom("block_type").selectAll().where(name, "=", value).executeTakeFirst();
}

/** Returns undefined when there is a type of that slug; nothing is written then. */
export async function insertBlockType(db: Db, type: NewRow<"block_type">): Promise<BlockTypeRow | undefined> {
  return db
    .insertInto("block_type")
    .values(type)
    .onConflict((conflict) => conflict.column("slug").doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** Returns undefined when there is no such type. */
export async function updateBlockType(
  db: Db,
  id: string,
  changes: Pick<
    RowChanges<"block_type">,
    "logo_url" | "documentation_url" | "description" | "code_example" | "updated"
  >,
): Promise<BlockTypeRow | undefined> {
  return db.updateTable("block_type").set(changes).where("id", "=", id).returningAll().executeTakeFirst();
}

/** Deletes the type with its schemas and documents. */
export async function deleteBlockType(db: Db, id: string): Promise<void> {
  await db.deleteFrom("block_type").where("id", "=", id).execute();
}

export async function listBlockTypesById(db: Db, ids: readonly string[]): Promise<readonly BlockTypeRow[]> {
  const wanted = isOneOf(dialectOf(db), column("block_type.id"), { of: ids, type: "uuid" });
  return db.selectFrom("block_type").selectAll().where(wanted).execute();
}

/** What types to list: each part that is given must match; a type matches `block_schemas` if one of its schemas does. */
export interface BlockTypeFilters {
  readonly block_types?: Parameters<typeof matchBlockType>[1] | null | undefined;
  readonly block_schemas?: Parameters<typeof matchBlockSchema>[1] | null | undefined;
}

/** By name. */
export async function listBlockTypes(
  db: Db,
  { block_types, block_schemas }: BlockTypeFilters,
  how: { readonly limit: number; readonly offset: number },
): Promise<readonly BlockTypeRow[]> {
  const dialect = dialectOf(db);
  let query = db.selectFrom("block_type").selectAll();
  if (block_types) query = query.where(matchBlockType(dialect, block_types));
  if (block_schemas) {
    query = query.where(({ exists, selectFrom }) =>
      exists(
        selectFrom("block_schema")
          .select(sql.lit(1).as("one"))
          .whereRef("block_schema.block_type_id", "=", "block_type.id")
          .where(matchBlockSchema(dialect, block_schemas)),
      ),
    );
  }
  return query.orderBy("name").orderBy("id").limit(how.limit).offset(how.offset).execute();
}
