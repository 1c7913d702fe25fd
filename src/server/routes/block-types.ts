import { listBlockDocuments } from "../../db/repositories/block-documents.ts";
import { type BlockTypeKey, findBlockType, listBlockTypes } from "../../db/repositories/block-types.ts";
import * as s from "../../kit/schema/schema.ts";
import { BlockDocument, BlockType, BlockTypeCreate, BlockTypeUpdate } from "../../schemas/block.ts";
import { orAbsent } from "../../schemas/common.ts";
import { BlockSchemaFilter, BlockTypeFilter } from "../../schemas/filters/block-filter.ts";
import { registerProtectedBlocks } from "../blocks/builtin/register-builtin-blocks.ts";
import { loadDocuments } from "../blocks/load-documents.ts";
import { createBlockType, deleteBlockType, updateBlockType } from "../blocks/write-types.ts";
import { parts } from "../body-parts.ts";
import type { ServerContext } from "../context.ts";
import { BlockDocumentToReadNotFound, BlockTypeNotFound } from "../errors.ts";
import { slice, sliceParts } from "../paging.ts";
import { type Route, route } from "../route.ts";
import { blockTypeView } from "../views/block-type.ts";
import { secretsQuery } from "./block-documents.ts";

const tag = "Block types";

export const blockTypeRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/block_types/",
    operationId: "create_block_type_block_types__post",
    tag,
    summary: "Create a block type.",
    body: BlockTypeCreate,
    status: 201,
    response: BlockType,
    handle: async (ctx, { body }) => blockTypeView(await createBlockType(ctx, body)),
  }),

  route({
    method: "POST",
    path: "/block_types/filter",
    operationId: "read_block_types_block_types_filter_post",
    tag,
    summary: "List block types by name.",
    body: parts("Body_read_block_types_block_types_filter_post", {
      ...sliceParts,
      block_types: orAbsent(BlockTypeFilter),
      block_schemas: orAbsent(BlockSchemaFilter),
    }),
    response: s.array(BlockType),
    async handle(ctx, { body }) {
      const rows = await listBlockTypes(ctx.db.read, body, slice(ctx, body));
      return rows.map(blockTypeView);
    },
  }),

  route({
    method: "POST",
    path: "/block_types/install_system_block_types",
    operationId: "install_system_block_types_block_types_install_system_block_types_post",
    tag,
    summary: "Register the block types that the server relies on.",
    response: s.json(),
    async handle(ctx) {
      await registerProtectedBlocks(ctx);
      return null;
    },
  }),

  route({
    method: "GET",
    path: "/block_types/{id:uuid}",
    operationId: "read_block_type_by_id_block_types__id__get",
    tag,
    summary: "Read one block type.",
    response: BlockType,
    handle: async (ctx, { params }) => blockTypeView(await read(ctx, { id: params.id })),
  }),

  route({
    method: "GET",
    path: "/block_types/slug/{slug}",
    operationId: "read_block_type_by_slug_block_types_slug__slug__get",
    tag,
    summary: "Read the block type of a slug.",
    response: BlockType,
    handle: async (ctx, { params }) => blockTypeView(await read(ctx, { slug: params.slug ?? "" })),
  }),

  route({
    method: "PATCH",
    path: "/block_types/{id:uuid}",
    operationId: "update_block_type_block_types__id__patch",
    tag,
    summary: "Change how a block type presents itself.",
    body: BlockTypeUpdate,
    status: 204,
    handle: (ctx, { params, body }) => updateBlockType(ctx, params.id, body),
  }),

  route({
    method: "DELETE",
    path: "/block_types/{id:uuid}",
    operationId: "delete_block_type_block_types__id__delete",
    tag,
    summary: "Delete a block type with its schemas and documents.",
    status: 204,
    handle: (ctx, { params }) => deleteBlockType(ctx, params.id),
  }),

  route({
    method: "GET",
    path: "/block_types/slug/{slug}/block_documents",
    operationId: "read_block_documents_for_block_type_block_types_slug__slug__block_documents_get",
    tag,
    summary: "List all named block documents of a type.",
    query: secretsQuery,
    response: s.array(BlockDocument),
    async handle(ctx, { params, query }) {
      const { id } = await read(ctx, { slug: params.slug ?? "" });
      const filters = { block_documents: { block_type_id: { any_: [id] }, is_anonymous: { eq_: false } } };
      const rows = await listBlockDocuments(ctx.db.read, filters, { sort: "NAME_ASC" });
      return loadDocuments(ctx, ctx.db.read, { rows, includeSecrets: query.include_secrets });
    },
  }),

  route({
    method: "GET",
    path: "/block_types/slug/{slug}/block_documents/name/{block_document_name}",
    operationId:
      "read_block_document_by_name_for_block_type_block_types_slug__slug__block_documents_name__block_document_name__get",
    tag,
    summary: "Read the block document of a type and a name.",
    query: secretsQuery,
    response: BlockDocument,
    async handle(ctx, { params, query }) {
      const { slug = "", block_document_name = "" } = params;
      const filters = {
        block_documents: { name: { any_: [block_document_name] } },
        block_types: { slug: { any_: [slug] } },
      };
      const rows = await listBlockDocuments(ctx.db.read, filters, { sort: "NAME_ASC", limit: 1 });
      const [view] = await loadDocuments(ctx, ctx.db.read, { rows, includeSecrets: query.include_secrets });
      if (!view) throw BlockDocumentToReadNotFound();
      return view;
    },
  }),
];

async function read(ctx: ServerContext, key: BlockTypeKey) {
  const row = await findBlockType(ctx.db.read, key);
  if (!row) throw BlockTypeNotFound();
  return row;
}
