import {
  type BlockDocumentFilters,
  countBlockDocuments,
  findBlockDocument,
  listBlockDocuments,
} from "../../db/repositories/block-documents.ts";
import * as s from "../../kit/schema/schema.ts";
import { BlockDocument, BlockDocumentCreate, BlockDocumentUpdate } from "../../schemas/block.ts";
import { orAbsent } from "../../schemas/common.ts";
import { BlockDocumentFilter, BlockSchemaFilter, BlockTypeFilter } from "../../schemas/filters/block-filter.ts";
import { BlockDocumentSort } from "../../schemas/sorting.ts";
import { loadDocuments } from "../blocks/load-documents.ts";
import { createBlockDocument, deleteBlockDocument, updateBlockDocument } from "../blocks/write-documents.ts";
import { parts } from "../body-parts.ts";
import { BlockDocumentToReadNotFound } from "../errors.ts";
import { slice, sliceParts } from "../paging.ts";
import { type Route, route } from "../route.ts";

const tag = "Block documents";
const includeSecrets = s.defaulted(s.boolean(), false);
/** Secrets are shown only to those who ask for them. */
export const secretsQuery = s.object("BlockSecretsQuery", { include_secrets: includeSecrets });
const filters = {
  block_documents: orAbsent(BlockDocumentFilter),
  block_types: orAbsent(BlockTypeFilter),
  block_schemas: orAbsent(BlockSchemaFilter),
} as const;

export const blockDocumentRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/block_documents/",
    operationId: "create_block_document_block_documents__post",
    tag,
    summary: "Create a block document.",
    body: BlockDocumentCreate,
    status: 201,
    response: BlockDocument,
    handle: (ctx, { body }) => createBlockDocument(ctx, body),
  }),

  route({
    method: "POST",
    path: "/block_documents/filter",
    operationId: "read_block_documents_block_documents_filter_post",
    tag,
    summary: "List block documents.",
    body: parts("Body_read_block_documents_block_documents_filter_post", {
      ...sliceParts,
      ...filters,
      include_secrets: includeSecrets,
      sort: s.defaulted(s.nullable(BlockDocumentSort), "NAME_ASC"),
    }),
    response: s.array(BlockDocument),
    async handle(ctx, { body }) {
      const how = { sort: body.sort ?? "NAME_ASC", ...slice(ctx, body) };
      const rows = await listBlockDocuments(ctx.db.read, wanted(body), how);
      return loadDocuments(ctx, ctx.db.read, { rows, includeSecrets: body.include_secrets });
    },
  }),

  route({
    method: "POST",
    path: "/block_documents/count",
    operationId: "count_block_documents_block_documents_count_post",
    tag,
    summary: "Count block documents.",
    body: parts("Body_count_block_documents_block_documents_count_post", filters),
    response: s.integer(),
    handle: (ctx, { body }) => countBlockDocuments(ctx.db.read, wanted(body)),
  }),

  route({
    method: "GET",
    path: "/block_documents/{id:uuid}",
    operationId: "read_block_document_by_id_block_documents__id__get",
    tag,
    summary: "Read one block document.",
    query: secretsQuery,
    response: BlockDocument,
    async handle(ctx, { params, query }) {
      const row = await findBlockDocument(ctx.db.read, params.id);
      if (!row) throw BlockDocumentToReadNotFound();
      const asked = { rows: [row], includeSecrets: query.include_secrets };
      return (await loadDocuments(ctx, ctx.db.read, asked))[0];
    },
  }),

  route({
    method: "PATCH",
    path: "/block_documents/{id:uuid}",
    operationId: "update_block_document_data_block_documents__id__patch",
    tag,
    summary: "Change a block document's data, or its schema.",
    body: BlockDocumentUpdate,
    status: 204,
    handle: (ctx, { params, body }) => updateBlockDocument(ctx, params.id, body),
  }),

  route({
    method: "DELETE",
    path: "/block_documents/{id:uuid}",
    operationId: "delete_block_document_block_documents__id__delete",
    tag,
    summary: "Delete a block document.",
    status: 204,
    handle: (ctx, { params }) => deleteBlockDocument(ctx, params.id),
  }),
];

/** Anonymous documents are left out unless a filter says otherwise. */
function wanted({ block_documents, ...others }: s.ObjectValue<typeof filters>): BlockDocumentFilters {
  return { ...others, block_documents: block_documents ?? { is_anonymous: { eq_: false } } };
}
