import type { Db } from "../../../db/database.ts";
import {
  ensureBlockSchemas,
  ensureBlockTypes,
  insertSchemaReferences,
  protectBlockTypes,
} from "../../../db/repositories/builtin-blocks.ts";
import { findConfiguration, upsertConfiguration } from "../../../db/repositories/configuration.ts";
import { definitionsOf } from "../../../domain/blocks/block-definitions.ts";
import type { ServerContext } from "../../context.ts";
import { type Eventful, writeWithEvents } from "../../events/lifecycle.ts";
import { blockTypeEvent } from "../block-events.ts";
import { storedFields } from "../register-block-schema.ts";
import { type BuiltinBlock, type BuiltinSchema, builtinSchemas } from "./builtin-block.ts";

const KEY = "PREFECT_TS_BUILTIN_BLOCKS";

/** Names what `builtinBlocks` holds, so that a server need not load it to know that it is registered. */
export const BUILTIN_BLOCKS_HASH = "42bb5b8dadb030aa";

/**
 * Registers the block types of every server, unless this database has them already. How a type that is there presents
 * itself is left to those who brought it.
 */
export async function registerBuiltinBlocks(ctx: ServerContext): Promise<void> {
  const value = JSON.stringify({ hash: BUILTIN_BLOCKS_HASH });
  const { memoize_block_auto_registration: isMemoized } = ctx.settings.server;
  if (isMemoized && (await findConfiguration(ctx.db.read, KEY))?.value.includes(BUILTIN_BLOCKS_HASH)) return;
  const { builtinBlocks } = await import("./all-blocks.ts");
  await writeWithEvents(ctx, async (tx) => {
    const registered = await register(ctx, tx, builtinBlocks);
    await upsertConfiguration(tx, { id: ctx.ids.next(), key: KEY, value, now: now(ctx) });
    return registered;
  });
}

/** Registers those types that the server itself relies on. */
export async function registerProtectedBlocks(ctx: ServerContext): Promise<void> {
  const { coreBlocks } = await import("./core-blocks.ts");
  const blocks = coreBlocks.filter(({ isProtected }) => isProtected);
  await writeWithEvents(ctx, (tx) => register(ctx, tx, blocks));
}

async function register(ctx: ServerContext, tx: Db, blocks: readonly BuiltinBlock[]): Promise<Eventful<void>> {
  const stamp = () => ({ id: ctx.ids.next(), created: now(ctx), updated: now(ctx) });
  const typeRows = blocks.map((block) => typeRow(block, stamp()));
  const types = await ensureBlockTypes(tx, typeRows);
  const unprotected = blocks.filter(({ slug, isProtected }) => isProtected && !types.get(slug)?.is_protected);
  const idOf = (slug: string) => types.get(slug)?.id ?? "";
  if (unprotected.length > 0) {
    const ids = unprotected.map(({ slug }) => idOf(slug));
    await protectBlockTypes(tx, ids, now(ctx));
  }
  const schemas = builtinSchemas(blocks);
  const rows = [...schemas.values()].map((schema) => schemaRow(schema, idOf(schema.block.slug), stamp()));
  const { ids, isNew } = await ensureBlockSchemas(tx, rows);
  const schemaId = (slug: string) => ids.get(schemas.get(slug)?.checksum ?? "") ?? "";
  const references = blocks.flatMap(({ slug, nested = {} }) =>
    Object.entries(nested).flatMap(([name, to]) =>
      [to].flat().map((inner) => ({
        ...stamp(),
        name,
        parent_block_schema_id: schemaId(slug),
        reference_block_schema_id: schemaId(inner),
      })),
    ),
  );
  await insertSchemaReferences(
    tx,
    references.filter((each) => isNew(each.parent_block_schema_id)),
  );
  const events = typeRows.flatMap(({ id, slug }) => {
    const type = types.get(slug);
    return type?.id === id ? [blockTypeEvent(ctx, "created", type)] : [];
  });
  return { result: undefined, events };
}

interface Stamp {
  readonly id: string;
  readonly created: string;
  readonly updated: string;
}

function typeRow({ slug, name, description, isProtected = false }: BuiltinBlock, stamp: Stamp) {
  return { ...stamp, slug, name, description, is_protected: isProtected };
}

function schemaRow({ block, fields, checksum }: BuiltinSchema, block_type_id: string, stamp: Stamp) {
  const { capabilities = [], version } = block;
  const stored = JSON.stringify(storedFields(fields, definitionsOf(fields)));
  return { ...stamp, block_type_id, checksum, version, capabilities: JSON.stringify(capabilities), fields: stored };
}

const now = (ctx: ServerContext) => ctx.db.dialect.timestamp(ctx.clock.now());
