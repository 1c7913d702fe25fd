import type { Db } from "../db/database.ts";
import { findBlockCapabilities } from "../db/repositories/block-capabilities.ts";
import { findBlockDocument } from "../db/repositories/block-documents.ts";
import { deleteConfiguration, findConfiguration, upsertConfiguration } from "../db/repositories/configuration.ts";
import { parseJson } from "../kit/json.ts";
import { ServerDefaultResultStorage } from "../schemas/admin.ts";
import type { ServerContext } from "./context.ts";
import { BlockDocumentNotFound, UnsuitableStorageBlock } from "./errors.ts";

const KEY = "server-default-result-storage";
/** What a block must be able to do to hold results. */
const CAPABILITY = "write-path";
const NONE = { default_result_storage_block_id: null };

/** Where runs keep results that name no storage of their own. */
export async function findResultStorage(ctx: ServerContext): Promise<ServerDefaultResultStorage> {
  const entry = await findConfiguration(ctx.db.read, KEY);
  const stored = ServerDefaultResultStorage.parse(entry === undefined ? NONE : parseJson(entry.value));
  return stored.ok ? stored.value : NONE;
}

/** @throws BlockDocumentNotFound, UnsuitableStorageBlock */
export async function setResultStorage(ctx: ServerContext, id: string): Promise<ServerDefaultResultStorage> {
  const storage = { default_result_storage_block_id: id };
  const entry = { id: ctx.ids.next(), key: KEY, value: JSON.stringify(storage) };
  const now = ctx.db.dialect.timestamp(ctx.clock.now());
  await ctx.db.write(async (tx) => {
    const capabilities = await findBlockCapabilities(tx, id);
    if (capabilities === undefined) throw BlockDocumentNotFound(id);
    const known = parseJson(capabilities);
    if (!Array.isArray(known) || !known.includes(CAPABILITY)) throw UnsuitableStorageBlock(id);
    await upsertConfiguration(tx, { ...entry, now });
  });
  return storage;
}

export async function clearResultStorage(ctx: ServerContext): Promise<void> {
  await ctx.db.write((tx) => deleteConfiguration(tx, KEY));
}

/** What is about to be deleted: a block document, or everything of a block schema or type. */
export type DeletedBlocks =
  | { readonly block_document: string }
  | { readonly block_schema: string }
  | { readonly block_type: string };

/** Leaves the storage of results to each flow, if it is in a block that is about to be deleted. */
export async function forgetResultStorage(tx: Db, deleted: DeletedBlocks): Promise<void> {
  const entry = await findConfiguration(tx, KEY);
  const stored = entry && ServerDefaultResultStorage.parse(parseJson(entry.value));
  const id = stored?.ok ? stored.value.default_result_storage_block_id : null;
  if (id === null || id === undefined) return;
  if (await isDeleted(tx, id, deleted)) await deleteConfiguration(tx, KEY);
}

async function isDeleted(tx: Db, id: string, deleted: DeletedBlocks): Promise<boolean> {
  if ("block_document" in deleted) return deleted.block_document === id;
  const row = await findBlockDocument(tx, id);
  if ("block_schema" in deleted) return row?.block_schema_id === deleted.block_schema;
  return row?.block_type_id === deleted.block_type;
}
