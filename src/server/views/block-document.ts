import type { BlockDocumentRow } from "../../db/repositories/block-documents.ts";
import type { BlockTypeRow } from "../../db/repositories/block-types.ts";
import type { Json } from "../../domain/blocks/block-definitions.ts";
import type { BlockSchemaView } from "./block-schema.ts";
import { blockTypeView } from "./block-type.ts";

export type BlockDocumentView = ReturnType<typeof blockDocumentView>;

/** What a document's row does not say of it: its data in clear, with that of the documents it refers to inside. */
export interface DocumentContent {
  readonly data: Json;
  readonly references: Json;
}

/** A block document as the API gives it. */
export function blockDocumentView(
  row: BlockDocumentRow,
  { data, references }: DocumentContent,
  of: { readonly schema: BlockSchemaView | undefined; readonly type: BlockTypeRow | undefined },
) {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    data,
    block_schema_id: row.block_schema_id,
    block_schema: of.schema ?? null,
    block_type_id: row.block_type_id,
    block_type_name: row.block_type_name,
    block_type: of.type === undefined ? null : blockTypeView(of.type),
    block_document_references: references,
    is_anonymous: row.is_anonymous,
  };
}
