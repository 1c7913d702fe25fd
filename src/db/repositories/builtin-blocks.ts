import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf } from "../dialects/expressions.ts";
import { column } from "../filters/filter.ts";
import type { NewRow, Row } from "../tables.ts";

/** Inserts the types whose slugs are new, and gives the type of each slug by slug. */
export async function ensureBlockTypes(
  db: Db,
  types: readonly NewRow<"block_type">[],
): Promise<ReadonlyMap<string, Row<"block_type">>> {
  await db
    .insertInto("block_type")
    .values(types)
    .onConflict((conflict) => conflict.column("slug").doNothing())
    .execute();
  const slugs = { of: types.map(({ slug }) => slug), type: "text" } as const;
  const rows = await db
    .selectFrom("block_type")
    .selectAll()
    .where(isOneOf(dialectOf(db), column("block_type.slug"), slugs))
    .execute();
  return new Map(rows.map((row) => [row.slug, row]));
}

export async function protectBlockTypes(db: Db, ids: readonly string[], updated: string): Promise<void> {
  await db.updateTable("block_type").set({ is_protected: true, updated }).where("id", "in", ids).execute();
}

/** Inserts the schemas whose checksums are new for their version. Gives the ids of all by checksum, and which are new. */
export async function ensureBlockSchemas(
  db: Db,
  schemas: readonly NewRow<"block_schema">[],
): Promise<{ readonly ids: ReadonlyMap<string, string>; readonly isNew: (id: string) => boolean }> {
  const inserted = await db
    .insertInto("block_schema")
    .values(schemas)
    .onConflict((conflict) => conflict.columns(["checksum", "version"]).doNothing())
    .returning("id")
    .execute();
  const checksums = { of: schemas.map(({ checksum }) => checksum), type: "text" } as const;
  const rows = await db
    .selectFrom("block_schema")
    .select(["id", "checksum"])
    .where(isOneOf(dialectOf(db), column("block_schema.checksum"), checksums))
    .execute();
  const added = new Set(inserted.map(({ id }) => id));
  return { ids: new Map(rows.map(({ id, checksum }) => [checksum, id])), isNew: (id) => added.has(id) };
}

export async function insertSchemaReferences(db: Db, references: readonly NewRow<"block_schema_reference">[]) {
  if (references.length > 0) await db.insertInto("block_schema_reference").values(references).execute();
}
