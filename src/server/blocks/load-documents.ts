import type { Db } from "../../db/database.ts";
import {
  type BlockDocumentRow,
  listBlockDocumentsById,
  listDocumentReferences,
} from "../../db/repositories/block-documents.ts";
import { listBlockSchemasById } from "../../db/repositories/block-schemas.ts";
import { type BlockTypeRow, listBlockTypesById } from "../../db/repositories/block-types.ts";
import type { Json } from "../../domain/blocks/block-definitions.ts";
import type { DocumentReference } from "../../domain/blocks/document-references.ts";
import { maskSecrets } from "../../domain/blocks/document-secrets.ts";
import type { ServerContext } from "../context.ts";
import { BlockReferenceRefused } from "../errors.ts";
import { type BlockDocumentView, blockDocumentView, type DocumentContent } from "../views/block-document.ts";
import { blockTypeView } from "../views/block-type.ts";
import { type DocumentReader, documentReader, secretFieldsOf } from "./document-data.ts";
import { loadSchemas } from "./load-schemas.ts";

const MAX_DEPTH = 50;
/** Documents that refer to the same ones over and over would grow beyond any size. */
const MAX_NESTED = 10_000;

/** Documents as the API shows them, those they refer to inside. @throws BlockReferenceRefused, BlockDocumentUnreadable */
export async function loadDocuments(
  ctx: ServerContext,
  db: Db,
  what: { readonly rows: readonly BlockDocumentRow[]; readonly includeSecrets: boolean },
): Promise<readonly BlockDocumentView[]> {
  if (what.rows.length === 0) return [];
  const family = await loadFamily(db, what.rows);
  const all = [...family.rows.values()];
  const schemas = new Map((await listBlockSchemasById(db, unique(all, "block_schema_id"))).map((row) => [row.id, row]));
  const types = new Map((await listBlockTypesById(db, unique(all, "block_type_id"))).map((row) => [row.id, row]));
  const rootSchemas = unique(what.rows, "block_schema_id").flatMap((id) => schemas.get(id) ?? []);
  const schemaViews = new Map((await loadSchemas(db, rootSchemas)).map((view) => [view.id, view]));
  const content = contentBuilder(family, { types, read: await documentReader(ctx, db), secretsOf: secretsOf() });
  return what.rows.map((row) =>
    blockDocumentView(row, content(row), {
      schema: schemaViews.get(row.block_schema_id),
      type: types.get(row.block_type_id),
    }),
  );

  /** The secret fields of each schema, looked up once. */
  function secretsOf() {
    if (what.includeSecrets) return () => undefined;
    const fields = new Map([...schemas.values()].map((row) => [row.id, secretFieldsOf(row)]));
    return (row: BlockDocumentRow) => fields.get(row.block_schema_id) ?? [];
  }
}

function unique(rows: readonly BlockDocumentRow[], column: "block_schema_id" | "block_type_id"): readonly string[] {
  return [...new Set(rows.map((row) => row[column]))];
}

/** Documents and what they refer to, by id. */
interface DocumentFamily {
  readonly rows: ReadonlyMap<string, BlockDocumentRow>;
  readonly references: ReadonlyMap<string, readonly DocumentReference[]>;
}

async function loadFamily(db: Db, roots: readonly BlockDocumentRow[]): Promise<DocumentFamily> {
  const rows = new Map(roots.map((row) => [row.id, row]));
  const references = new Map<string, readonly DocumentReference[]>();
  let level: readonly string[] = [...rows.keys()];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw tooDeep();
    const found = await listDocumentReferences(db, level);
    for (const [parent, group] of Map.groupBy(found, (each) => each.parent_block_document_id)) {
      references.set(
        parent,
        group.map(({ name, reference_block_document_id: id }) => ({ name, id })),
      );
    }
    level = [...new Set(found.map((each) => each.reference_block_document_id).filter((id) => !rows.has(id)))];
    for (const row of level.length === 0 ? [] : await listBlockDocumentsById(db, level)) rows.set(row.id, row);
  }
  return { rows, references };
}

interface Sources {
  readonly types: ReadonlyMap<string, BlockTypeRow>;
  readonly read: DocumentReader;
  /** Undefined shows everything. */
  readonly secretsOf: (row: BlockDocumentRow) => readonly string[] | undefined;
}

function contentBuilder(family: DocumentFamily, { types, read, secretsOf }: Sources) {
  let nested = 0;
  const shown = new Map<string, Json>();
  /** What a row itself holds; decrypted once, however many documents refer to it. */
  const ownData = (row: BlockDocumentRow): Json => {
    const known = shown.get(row.id);
    if (known) return known;
    const secrets = secretsOf(row);
    const data = secrets === undefined ? read(row) : maskSecrets(read(row), secrets);
    shown.set(row.id, data);
    return data;
  };
  const build = (row: BlockDocumentRow, depth: number): DocumentContent => {
    if (depth > MAX_DEPTH) throw tooDeep();
    const data = new Map(Object.entries(ownData(row)));
    const references = new Map<string, unknown>();
    for (const { name, id } of family.references.get(row.id) ?? []) {
      const child = family.rows.get(id);
      if (!child) continue;
      if (++nested > MAX_NESTED)
        throw BlockReferenceRefused(`The block documents refer to more than ${MAX_NESTED} others.`);
      const inner = build(child, depth + 1);
      data.set(name, inner.data);
      references.set(name, { block_document: referenceView(child, inner, types.get(child.block_type_id)) });
    }
    return { data: Object.fromEntries(data), references: Object.fromEntries(references) };
  };
  return (row: BlockDocumentRow) => build(row, 0);
}

function referenceView(row: BlockDocumentRow, { references }: DocumentContent, type: BlockTypeRow | undefined) {
  return {
    id: row.id,
    name: row.name,
    block_type: type === undefined ? null : blockTypeView(type),
    is_anonymous: row.is_anonymous,
    block_document_references: references,
  };
}

function tooDeep() {
  return BlockReferenceRefused(
    `Block document reference graph exceeds max depth ${MAX_DEPTH}; refusing to recurse further.`,
  );
}
