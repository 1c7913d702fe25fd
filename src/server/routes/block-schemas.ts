import {
  type BlockSchemaRow,
  deleteBlockSchema,
  findBlockSchemaByChecksum,
  listBlockSchemas,
  listBlockSchemasById,
  listCapabilities,
} from "../../db/repositories/block-schemas.ts";
import { findBlockType } from "../../db/repositories/block-types.ts";
import { parseJson } from "../../kit/json.ts";
import * as s from "../../kit/schema/schema.ts";
import { BlockSchema, BlockSchemaCreate } from "../../schemas/block.ts";
import { orAbsent } from "../../schemas/common.ts";
import { BlockSchemaFilter } from "../../schemas/filters/block-filter.ts";
import { loadSchemas } from "../blocks/load-schemas.ts";
import { registerBlockSchema } from "../blocks/register-block-schema.ts";
import { parts } from "../body-parts.ts";
import type { ServerContext } from "../context.ts";
import { BlockSchemaNotFound, BlockSchemaProtected, BlockTypeOfSchemaNotFound } from "../errors.ts";
import { slice, sliceParts } from "../paging.ts";
import { forgetResultStorage } from "../result-storage.ts";
import { Reply, type Route, route } from "../route.ts";
import { type BlockSchemaView, blockSchemaView } from "../views/block-schema.ts";

const tag = "Block schemas";

export const blockSchemaRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/block_schemas/",
    operationId: "create_block_schema_block_schemas__post",
    tag,
    summary: "Create a block schema, or give the existing one of that checksum and version.",
    body: BlockSchemaCreate,
    status: 201,
    response: BlockSchema,
    handle: (ctx, { body }) => create(ctx, body),
  }),

  route({
    method: "POST",
    path: "/block_schemas/filter",
    operationId: "read_block_schemas_block_schemas_filter_post",
    tag,
    summary: "List block schemas, newest first.",
    body: parts("Body_read_block_schemas_block_schemas_filter_post", {
      ...sliceParts,
      block_schemas: orAbsent(BlockSchemaFilter),
    }),
    response: s.array(BlockSchema),
    async handle(ctx, { body }) {
      const rows = await listBlockSchemas(ctx.db.read, body.block_schemas ?? {}, slice(ctx, body));
      return loadSchemas(ctx.db.read, rows);
    },
  }),

  route({
    method: "GET",
    path: "/block_schemas/{id:uuid}",
    operationId: "read_block_schema_by_id_block_schemas__id__get",
    tag,
    summary: "Read one block schema.",
    response: BlockSchema,
    async handle(ctx, { params }) {
      const [row] = await listBlockSchemasById(ctx.db.read, [params.id]);
      return view(ctx, row);
    },
  }),

  route({
    method: "GET",
    path: "/block_schemas/checksum/{checksum}",
    operationId: "read_block_schema_by_checksum_block_schemas_checksum__checksum__get",
    tag,
    summary: "Read the newest block schema of a checksum, of one version or of any.",
    query: s.object("BlockSchemaVersionQuery", { version: orAbsent(s.string()) }),
    response: BlockSchema,
    async handle(ctx, { params, query }) {
      const { checksum = "" } = params;
      return view(ctx, await findBlockSchemaByChecksum(ctx.db.read, checksum, query.version ?? undefined));
    },
  }),

  route({
    method: "DELETE",
    path: "/block_schemas/{id:uuid}",
    operationId: "delete_block_schema_block_schemas__id__delete",
    tag,
    summary: "Delete a block schema with its documents.",
    status: 204,
    handle: (ctx, { params }) => remove(ctx, params.id),
  }),

  route({
    method: "GET",
    path: "/block_capabilities/",
    operationId: "read_available_block_capabilities_block_capabilities__get",
    tag: "Block capabilities",
    summary: "List what blocks can do.",
    response: s.array(s.string()),
    async handle(ctx) {
      const lists = await listCapabilities(ctx.db.read);
      return [...new Set(lists.flatMap((list) => parseJson(list) as readonly string[]))];
    },
  }),
];

async function create(ctx: ServerContext, draft: BlockSchemaCreate) {
  const type = await findBlockType(ctx.db.read, { id: draft.block_type_id });
  if (!type) throw BlockTypeOfSchemaNotFound(draft.block_type_id);
  const { row, isNew } = await ctx.db.write((tx) => registerBlockSchema(ctx, tx, draft));
  if (!isNew) return new Reply(200, await view(ctx, row));
  // The answer repeats the fields as they were sent, nested blocks and all.
  const { block_schema_references = {} } = draft.fields;
  return blockSchemaView(row, { type, fields: { ...draft.fields, block_schema_references } });
}

async function view(ctx: ServerContext, row: BlockSchemaRow | undefined): Promise<BlockSchemaView> {
  const [found] = row === undefined ? [] : await loadSchemas(ctx.db.read, [row]);
  if (!found) throw BlockSchemaNotFound();
  return found;
}

async function remove(ctx: ServerContext, id: string): Promise<void> {
  await ctx.db.write(async (tx) => {
    const [row] = await listBlockSchemasById(tx, [id]);
    if (!row) throw BlockSchemaNotFound();
    const type = await findBlockType(tx, { id: row.block_type_id });
    if (type?.is_protected) throw BlockSchemaProtected();
    await forgetResultStorage(tx, { block_schema: id });
    await deleteBlockSchema(tx, id);
  });
}
