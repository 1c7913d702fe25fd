import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf } from "../dialects/expressions.ts";
import { matchBlockSchema } from "../filters/block.ts";
import { column } from "../filters/filter.ts";
import type { NewRow, Row } from "../tables.ts";

export type BlockSchemaRow = Row<"block_schema">;
/** One schema nested in another under the name of a field. */
export type SchemaReference = Pick<
  Row<"block_schema_reference">,
  "name" | "parent_block_schema_id" | "reference_block_schema_id"
>;

/** The newest schema with that checksum, of that version or of any. */
export async function findBlockSchemaByChecksum(
  db: Db,
  checksum: string,
  version?: string,
): Promise<BlockSchemaRow | undefined> {
  const query = db.selectFrom("block_schema").selectAll().where("checksum", "=", checksum);
  const versioned = version === undefined ? query : query.where("version", "=", version);
  return versioned.orderBy("created", "desc").orderBy("id", "desc").limit(1).executeTakeFirst();
}

/** Returns undefined when there is a schema of that checksum and version; nothing is written then. */
export async function insertBlockSchema(db: Db, schema: NewRow<"block_schema">): Promise<BlockSchemaRow | undefined> {
  return db
    .insertInto("block_schema")
    .values(schema)
    .onConflict((conflict) => conflict.columns(["checksum", "version"]).doNothing())
    .returningAll()
    .executeTakeFirst();
}

export async function insertSchemaReference(db: Db, reference: NewRow<"block_schema_reference">): Promise<void> {
  await db.insertInto("block_schema_reference").values(reference).execute();
}

export async function listBlockSchemasById(db: Db, ids: readonly string[]): Promise<readonly BlockSchemaRow[]> {
  const wanted = isOneOf(dialectOf(db), column("block_schema.id"), { of: ids, type: "uuid" });
  return db.selectFrom("block_schema").selectAll().where(wanted).execute();
}

/** What is nested in these schemas, oldest nested schema first. */
export async function listSchemaReferences(db: Db, parentIds: readonly string[]): Promise<readonly SchemaReference[]> {
  const parent = column("block_schema_reference.parent_block_schema_id");
  return db
    .selectFrom("block_schema_reference")
    .innerJoin("block_schema", "block_schema.id", "block_schema_reference.reference_block_schema_id")
    .select(["name", "parent_block_schema_id", "reference_block_schema_id"])
    .where(isOneOf(dialectOf(db), parent, { of: parentIds, type: "uuid" }))
    .orderBy("block_schema.created")
    .orderBy("block_schema.id")
    .execute();
}

/** Newest first. A server has hundreds of schemas, so no index but those of the keys serves. */
export async function listBlockSchemas(
  db: Db,
  filter: Parameters<typeof matchBlockSchema>[1],
  how: { readonly limit: number; readonly offset: number },
): Promise<readonly BlockSchemaRow[]> {
  return db
    .selectFrom("block_schema")
    .selectAll()
    .where(matchBlockSchema(dialectOf(db), filter))
    .orderBy("created", "desc")
    .orderBy("id", "desc")
    .limit(how.limit)
    .offset(how.offset)
    .execute();
}

/** Deletes the schema with its documents. */
export async function deleteBlockSchema(db: Db, id: string): Promise<void> {
  await db.deleteFrom("block_schema").where("id", "=", id).execute();
}

/** The different lists of capabilities there are, as JSON text. */
export async function listCapabilities(db: Db): Promise<readonly string[]> {
  const rows = await db.selectFrom("block_schema").select("capabilities").distinct().execute();
  return rows.map((row) => row.capabilities);
}
