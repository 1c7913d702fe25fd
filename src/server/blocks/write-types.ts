import type { Db } from "../../db/database.ts";
import {
  type BlockTypeRow,
  deleteBlockType as deleteRow,
  findBlockType,
  insertBlockType,
  updateBlockType as updateRow,
} from "../../db/repositories/block-types.ts";
import type { BlockTypeCreate, BlockTypeUpdate } from "../../schemas/block.ts";
import type { ServerContext } from "../context.ts";
import { BlockTypeExists, BlockTypeNotFound, BlockTypeProtected, BlockTypeReserved } from "../errors.ts";
import { writeWithEvents } from "../events/lifecycle.ts";
import { forgetResultStorage } from "../result-storage.ts";
import { blockTypeEvent } from "./block-events.ts";

/** Names that begin so are the system's. */
const RESERVED = "prefect";
const CHANGEABLE = ["logo_url", "documentation_url", "description", "code_example"] as const;

/** @throws BlockTypeReserved, BlockTypeExists */
export async function createBlockType(ctx: ServerContext, draft: BlockTypeCreate): Promise<BlockTypeRow> {
  if (draft.name.toLowerCase().startsWith(RESERVED)) throw BlockTypeReserved();
  const { name, slug, logo_url, documentation_url, description, code_example } = draft;
  return writeWithEvents(ctx, async (tx) => {
    const row = await insertBlockType(tx, {
      id: ctx.ids.next(),
      created: timeNow(ctx),
      updated: timeNow(ctx),
      name,
      slug,
      logo_url,
      documentation_url,
      description: escaped(description),
      code_example: escaped(code_example),
      is_protected: false,
    });
    if (!row) throw BlockTypeExists(name);
    return { result: row, events: [blockTypeEvent(ctx, "created", row)] };
  });
}

/** Old clients send what is already there each time they save a block: that changes nothing. @throws BlockTypeNotFound */
export async function updateBlockType(ctx: ServerContext, id: string, update: BlockTypeUpdate): Promise<void> {
  const known = await findBlockType(ctx.db.read, { id });
  if (!known) throw BlockTypeNotFound();
  if (saysNothingNew(known, update)) return;
  const given = CHANGEABLE.flatMap((field) => (update[field] === undefined ? [] : [[field, update[field]] as const]));
  await writeWithEvents(ctx, async (tx) => {
    const row = await updateRow(tx, id, { ...Object.fromEntries(given), updated: timeNow(ctx) });
    if (!row) throw BlockTypeNotFound();
    return { result: undefined, events: [blockTypeEvent(ctx, "updated", row)] };
  });
}

/** Deletes the type with its schemas and documents. @throws BlockTypeNotFound, BlockTypeProtected */
export async function deleteBlockType(ctx: ServerContext, id: string): Promise<void> {
  await writeWithEvents(ctx, async (tx: Db) => {
    const row = await findBlockType(tx, { id });
    if (!row) throw BlockTypeNotFound();
    if (row.is_protected) throw BlockTypeProtected();
    await forgetResultStorage(tx, { block_type: id });
    await deleteRow(tx, id);
    return { result: undefined, events: [blockTypeEvent(ctx, "deleted", row)] };
  });
}

function saysNothingNew(known: BlockTypeRow, update: BlockTypeUpdate): boolean {
  return CHANGEABLE.every(
    (field) => update[field] !== undefined && unescaped(update[field]) === unescaped(known[field]),
  );
}

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;" } as const;

/** Texts of a type are stored as HTML; quotes stay. */
function escaped(text: string | null): string | null {
  return text === null ? null : text.replace(/[&<>]/g, (char) => ENTITIES[char as keyof typeof ENTITIES]);
}

function unescaped(text: string | null): string | null {
  return text === null ? null : text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

const timeNow = (ctx: ServerContext) => ctx.db.dialect.timestamp(ctx.clock.now());
