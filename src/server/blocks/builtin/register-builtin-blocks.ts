import type { Db } from "../../../db/database.ts";
import { findBlockType, insertBlockType, upsertBlockType } from "../../../db/repositories/block-types.ts";
import { findConfiguration, upsertConfiguration } from "../../../db/repositories/configuration.ts";
import type { ServerContext } from "../../context.ts";
import { registerBlockSchema } from "../register-block-schema.ts";
import { type BuiltinBlock, builtinFields } from "./builtin-block.ts";

const KEY = "PREFECT_TS_BUILTIN_BLOCKS";

/** Names what `builtinBlocks` holds, so that a server need not load it to know that it is registered. */
export const BUILTIN_BLOCKS_HASH = "42bb5b8dadb030aa";

/** Registers the block types of every server, unless this database has them already. */
export async function registerBuiltinBlocks(ctx: ServerContext): Promise<void> {
  const value = JSON.stringify({ hash: BUILTIN_BLOCKS_HASH });
  const { memoize_block_auto_registration: isMemoized } = ctx.settings.server;
  if (isMemoized && (await findConfiguration(ctx.db.read, KEY))?.value.includes(BUILTIN_BLOCKS_HASH)) return;
  const { builtinBlocks } = await import("./all-blocks.ts");
  await ctx.db.write(async (tx) => {
    await register(ctx, tx, builtinBlocks);
    await upsertConfiguration(tx, { id: ctx.ids.next(), key: KEY, value, now: now(ctx) });
  });
}

/** Registers those types that the server itself relies on. */
export async function registerProtectedBlocks(ctx: ServerContext): Promise<void> {
  const { coreBlocks } = await import("./core-blocks.ts");
  const blocks = coreBlocks.filter(({ isProtected }) => isProtected);
  await ctx.db.write((tx) => register(ctx, tx, blocks));
}

async function register(ctx: ServerContext, tx: Db, blocks: readonly BuiltinBlock[]): Promise<void> {
  const ids = new Map<string, string>();
  for (const block of blocks) ids.set(block.slug, await ensureType(ctx, tx, block));
  const known = new Map(blocks.map((block) => [block.slug, block]));
  for (const [slug, fields] of builtinFields(blocks)) {
    const { capabilities = [], version = "" } = known.get(slug) ?? {};
    await registerBlockSchema(ctx, tx, { fields, block_type_id: ids.get(slug) ?? "", capabilities, version });
  }
}

/** How a type that is there presents itself is left to those who brought it. */
async function ensureType(ctx: ServerContext, tx: Db, block: BuiltinBlock): Promise<string> {
  const { slug, name, description, isProtected: is_protected = false } = block;
  const at = now(ctx);
  const type = { id: ctx.ids.next(), created: at, updated: at, slug, name, description, is_protected };
  const inserted = await insertBlockType(tx, type);
  const row = inserted ?? (await findBlockType(tx, { slug }));
  if (row && row.is_protected !== is_protected) await upsertBlockType(tx, { ...row, is_protected, updated: at });
  return row?.id ?? type.id;
}

const now = (ctx: ServerContext) => ctx.db.dialect.timestamp(ctx.clock.now());
