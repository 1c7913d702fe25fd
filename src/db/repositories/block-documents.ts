import { type SelectQueryBuilder, sql } from "kysely";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { isOneOf } from "../dialects/expressions.ts";
import { matchBlockDocument, matchBlockSchema, matchBlockType } from "../filters/block.ts";
import { column } from "../filters/filter.ts";
import { blockDocumentOrder } from "../filters/sorting.ts";
import type { NewRow, Row, RowChanges, Tables } from "../tables.ts";

/** `data` is JSON text of a string: the encrypted data. */
export type BlockDocumentRow = Row<"block_document">;
/** One document in the place of a field of another. */
export type DocumentReferenceRow = Pick<
  Row<"block_document_reference">,
  "name" | "parent_block_document_id" | "reference_block_document_id"
>;

export async function findBlockDocument(db: Db, id: string): Promise<BlockDocumentRow | undefined> {
  return db.selectFrom("block_document").selectAll().where("id", "=", id).executeTakeFirst();
}

/** The same, kept from others until the transaction ends. */
export async function lockBlockDocument(db: Db, id: string): Promise<BlockDocumentRow | undefined> {
  const query = db.selectFrom("block_document").selectAll().where("id", "=", id);
  return (dialectOf(db).rowLocks ? query.forUpdate() : query).executeTakeFirst();
}

export async function hasBlockDocumentName(db: Db, typeId: string, name: string): Promise<boolean> {
  const query = db.selectFrom("block_document").select("id").where("block_type_id", "=", typeId);
  return (await query.where("name", "=", name).executeTakeFirst()) !== undefined;
}

export async function insertBlockDocument(db: Db, document: NewRow<"block_document">): Promise<BlockDocumentRow> {
  return db.insertInto("block_document").values(document).returningAll().executeTakeFirstOrThrow();
}

export async function updateBlockDocument(
  db: Db,
  id: string,
  changes: Pick<RowChanges<"block_document">, "data" | "block_schema_id" | "updated">,
): Promise<BlockDocumentRow> {
  return db.updateTable("block_document").set(changes).where("id", "=", id).returningAll().executeTakeFirstOrThrow();
}

export async function deleteBlockDocument(db: Db, id: string): Promise<void> {
  await db.deleteFrom("block_document").where("id", "=", id).execute();
}

/** Keeps others from adding references until the transaction ends, so that no two together make a circle. */
export async function lockDocumentReferences(db: Db): Promise<void> {
  if (!dialectOf(db).rowLocks) return;
  await sql`lock table block_document_reference in share row exclusive mode`.execute(db);
}

export async function insertDocumentReferences(
  db: Db,
  references: readonly NewRow<"block_document_reference">[],
): Promise<void> {
  if (references.length > 0)
    await db
      .insertInto("block_document_reference")
      .values([...references])
      .execute();
}

export async function deleteDocumentReferences(db: Db, parentId: string): Promise<void> {
  await db.deleteFrom("block_document_reference").where("parent_block_document_id", "=", parentId).execute();
}

/** What these documents refer to. */
export async function listDocumentReferences(
  db: Db,
  parentIds: readonly string[],
): Promise<readonly DocumentReferenceRow[]> {
  const parent = column("block_document_reference.parent_block_document_id");
  return db
    .selectFrom("block_document_reference")
    .select(["name", "parent_block_document_id", "reference_block_document_id"])
    .where(isOneOf(dialectOf(db), parent, { of: parentIds, type: "uuid" }))
    .orderBy("created")
    .orderBy("id")
    .execute();
}

export async function listBlockDocumentsById(db: Db, ids: readonly string[]): Promise<readonly BlockDocumentRow[]> {
  const wanted = isOneOf(dialectOf(db), column("block_document.id"), { of: ids, type: "uuid" });
  return db.selectFrom("block_document").selectAll().where(wanted).execute();
}

/** What documents to list: each part that is given must match. */
export interface BlockDocumentFilters {
  readonly block_documents: Parameters<typeof matchBlockDocument>[1];
  readonly block_types?: Parameters<typeof matchBlockType>[1] | null | undefined;
  readonly block_schemas?: Parameters<typeof matchBlockSchema>[1] | null | undefined;
}

/** A list without a limit gives all. */
export async function listBlockDocuments(
  db: Db,
  filters: BlockDocumentFilters,
  how: { readonly sort: Parameters<typeof blockDocumentOrder>[0]; readonly limit?: number; readonly offset?: number },
): Promise<readonly BlockDocumentRow[]> {
  const ordered = matching(db, filters).selectAll().orderBy(blockDocumentOrder(how.sort)).orderBy("id");
  const limited = how.limit === undefined ? ordered : ordered.limit(how.limit).offset(how.offset ?? 0);
  return limited.execute();
}

export async function countBlockDocuments(db: Db, filters: BlockDocumentFilters): Promise<number> {
  const row = await matching(db, filters)
    .select((query) => query.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

function matching(
  db: Db,
  { block_documents, block_types, block_schemas }: BlockDocumentFilters,
): SelectQueryBuilder<Tables, "block_document", object> {
  const dialect = dialectOf(db);
  let query = db.selectFrom("block_document").where(matchBlockDocument(dialect, block_documents));
  if (block_types) {
    const types = db.selectFrom("block_type").select("block_type.id").where(matchBlockType(dialect, block_types));
    query = query.where("block_document.block_type_id", "in", types);
  }
  if (block_schemas) {
    const schemas = db
      .selectFrom("block_schema")
      .select("block_schema.id")
      .where(matchBlockSchema(dialect, block_schemas));
    query = query.where("block_document.block_schema_id", "in", schemas);
  }
  return query;
}
