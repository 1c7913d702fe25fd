import type { Db } from "../database.ts";

/** The capabilities of a block document's schema as JSON text; undefined when there is no such document. */
export async function findBlockCapabilities(db: Db, blockDocumentId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom("block_document")
    .innerJoin("block_schema", "block_schema.id", "block_document.block_schema_id")
    .select("block_schema.capabilities")
    .where("block_document.id", "=", blockDocumentId)
    .executeTakeFirst();
  return row?.capabilities;
}
