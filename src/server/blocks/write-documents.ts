import type { Db } from "../../db/database.ts";
import {
  type BlockDocumentRow,
  deleteDocumentReferences,
  deleteBlockDocument as deleteRow,
  findBlockDocument,
  hasBlockDocumentName,
  insertBlockDocument,
  insertDocumentReferences,
  listDocumentReferences,
  lockBlockDocument,
  lockDocumentReferences,
  updateBlockDocument as updateRow,
} from "../../db/repositories/block-documents.ts";
import { listBlockSchemasById } from "../../db/repositories/block-schemas.ts";
import { findBlockType } from "../../db/repositories/block-types.ts";
import type { Json } from "../../domain/blocks/block-definitions.ts";
import { type DocumentReference, separateReferences } from "../../domain/blocks/document-references.ts";
import { keepMaskedSecrets } from "../../domain/blocks/document-secrets.ts";
import type { BlockDocumentCreate, BlockDocumentUpdate } from "../../schemas/block.ts";
import type { ServerContext } from "../context.ts";
import {
  BlockDocumentExists,
  BlockDocumentToReadNotFound,
  BlockReferenceRefused,
  BlockSchemaNotFound,
  BlockSchemaOfOtherType,
  BlockTypeNotFound,
} from "../errors.ts";
import { writeWithEvents } from "../events/lifecycle.ts";
import { forgetResultStorage } from "../result-storage.ts";
import type { BlockDocumentView } from "../views/block-document.ts";
import { blockDocumentEvents } from "./block-events.ts";
import { documentReader, encryptedData, secretFieldsOf } from "./document-data.ts";
import { ensureEncryptionKey } from "./encryption-key.ts";
import { loadDocuments } from "./load-documents.ts";

/** @throws BlockDocumentExists, BlockTypeNotFound, BlockReferenceRefused */
export function createBlockDocument(ctx: ServerContext, draft: BlockDocumentCreate): Promise<BlockDocumentView> {
  return writeWithEvents(ctx, async (tx) => {
    const { block_type_id, block_schema_id, is_anonymous } = draft;
    const id = ctx.ids.next();
    const name = draft.name || `anonymous-${ctx.ids.next()}`;
    if (await hasBlockDocumentName(tx, block_type_id, name)) throw BlockDocumentExists();
    const type = await findBlockType(tx, { id: block_type_id });
    if (!type) throw BlockTypeNotFound();
    const { data, references } = separated(draft.data);
    const row = await insertBlockDocument(tx, {
      id,
      created: timeNow(ctx),
      updated: timeNow(ctx),
      name,
      data: encryptedData(ctx, await ensureEncryptionKey(ctx, tx), data),
      is_anonymous,
      block_schema_id,
      block_type_id,
      block_type_name: type.name,
    });
    await insertDocumentReferences(tx, referenceRows(ctx, id, references));
    const view = await maskedView(ctx, tx, row);
    return { result: view, events: blockDocumentEvents(ctx, "created", view) };
  });
}

/** @throws BlockDocumentToReadNotFound, BlockReferenceRefused, BlockSchemaNotFound, BlockSchemaOfOtherType */
export async function updateBlockDocument(ctx: ServerContext, id: string, update: BlockDocumentUpdate): Promise<void> {
  await writeWithEvents(ctx, async (tx) => {
    const current = await lockBlockDocument(tx, id);
    if (!current) throw BlockDocumentToReadNotFound();
    const row = await changeDocument(ctx, tx, { current, update });
    const view = await maskedView(ctx, tx, row);
    return { result: undefined, events: blockDocumentEvents(ctx, "updated", view) };
  });
}

/** Deletes the document; those that refer to it lose the field. @throws BlockDocumentToReadNotFound */
export async function deleteBlockDocument(ctx: ServerContext, id: string): Promise<void> {
  await writeWithEvents(ctx, async (tx) => {
    const row = await findBlockDocument(tx, id);
    if (!row) throw BlockDocumentToReadNotFound();
    const view = await maskedView(ctx, tx, row);
    await forgetResultStorage(tx, { block_document: id });
    await deleteRow(tx, id);
    return { result: undefined, events: blockDocumentEvents(ctx, "deleted", view) };
  });
}

interface DocumentChange {
  readonly current: BlockDocumentRow;
  readonly update: BlockDocumentUpdate;
}

/** Without data nothing is changed, not even the schema, unless everything is replaced: then the data is empty. */
async function changeDocument(
  ctx: ServerContext,
  tx: Db,
  { current, update }: DocumentChange,
): Promise<BlockDocumentRow> {
  const isMerged = update.merge_existing_data ?? true;
  const given = update.data ?? (isMerged ? undefined : {});
  if (given === undefined) return current;
  const read = await documentReader(ctx, tx);
  const present = read(current);
  const [schema] = await listBlockSchemasById(tx, [current.block_schema_id]);
  const kept = keepMaskedSecrets(given, present, schema === undefined ? [] : secretFieldsOf(schema));
  const { data, references } = separated(isMerged ? merged(present, kept) : kept);
  const block_schema_id = await schemaOf(tx, current, update.block_schema_id ?? current.block_schema_id);
  const key = await ensureEncryptionKey(ctx, tx);
  await replaceReferences(ctx, tx, { id: current.id, references });
  return updateRow(tx, current.id, { data: encryptedData(ctx, key, data), block_schema_id, updated: timeNow(ctx) });
}

function merged(present: Json, update: Json): Json {
  return Object.fromEntries([...Object.entries(present), ...Object.entries(update)]);
}

async function schemaOf(tx: Db, current: BlockDocumentRow, schemaId: string): Promise<string> {
  if (schemaId === current.block_schema_id) return schemaId;
  const [schema] = await listBlockSchemasById(tx, [schemaId]);
  if (!schema) throw BlockSchemaNotFound();
  if (schema.block_type_id !== current.block_type_id) throw BlockSchemaOfOtherType();
  return schemaId;
}

async function replaceReferences(
  ctx: ServerContext,
  tx: Db,
  { id, references }: { readonly id: string; readonly references: readonly DocumentReference[] },
): Promise<void> {
  if (references.length > 0) await lockDocumentReferences(tx);
  for (const reference of references) {
    if (await leadsTo(tx, reference.id, id)) throw BlockReferenceRefused(circleText(id, reference.id));
  }
  await deleteDocumentReferences(tx, id);
  await insertDocumentReferences(tx, referenceRows(ctx, id, references));
}

async function leadsTo(tx: Db, from: string, to: string): Promise<boolean> {
  const seen = new Set([from]);
  for (let level: readonly string[] = [from]; level.length > 0; ) {
    if (seen.has(to)) return true;
    const next = await listDocumentReferences(tx, level);
    level = next.map((each) => each.reference_block_document_id).filter((id) => !seen.has(id));
    for (const id of level) seen.add(id);
  }
  return false;
}

function circleText(parent: string, reference: string): string {
  return (
    "Cannot create block document reference: it would introduce a cycle into the block_document_reference graph " +
    `(parent=${parent}, reference=${reference}).`
  );
}

function separated(data: Json) {
  const result = separateReferences(data);
  if (result.kind === "refused") throw BlockReferenceRefused(result.why);
  return result;
}

function referenceRows(ctx: ServerContext, parent: string, references: readonly DocumentReference[]) {
  return references.map(({ name, id }) => ({
    id: ctx.ids.next(),
    created: timeNow(ctx),
    updated: timeNow(ctx),
    name,
    parent_block_document_id: parent,
    reference_block_document_id: id,
  }));
}

async function maskedView(ctx: ServerContext, tx: Db, row: BlockDocumentRow): Promise<BlockDocumentView> {
  const [view] = await loadDocuments(ctx, tx, { rows: [row], includeSecrets: false });
  return view as BlockDocumentView;
}

const timeNow = (ctx: ServerContext) => ctx.db.dialect.timestamp(ctx.clock.now());
