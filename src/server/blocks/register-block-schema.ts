import type { Db } from "../../db/database.ts";
import {
  type BlockSchemaRow,
  findBlockSchemaByChecksum,
  insertBlockSchema,
  insertSchemaReference,
} from "../../db/repositories/block-schemas.ts";
import { findBlockType } from "../../db/repositories/block-types.ts";
import { blockChecksum } from "../../domain/blocks/block-checksum.ts";
import {
  definitionKey,
  definitionsOf,
  type Json,
  nonBlockDefinitions,
  referenceStrings,
} from "../../domain/blocks/block-definitions.ts";
import { pythonRepr } from "../../domain/parameters/python-repr.ts";
import { isRecord } from "../../kit/schema/schema.ts";
import type { BlockSchemaCreate } from "../../schemas/block.ts";
import type { ServerContext } from "../context.ts";
import { BlockSchemaMadeMeanwhile, BlockSchemaRefused, NestedBlockTypeMissing } from "../errors.ts";

const UNVERSIONED = "non-versioned";
/** Readers of a schema go no deeper. */
const MAX_NESTED = 50;

/** A stored schema, and whether this call stored it. */
export interface Registered {
  readonly row: BlockSchemaRow;
  readonly isNew: boolean;
}

/**
 * Stores a schema, and those nested in it that are not known yet, unless its checksum and version are known. The types
 * of nested blocks must exist. Runs inside `Database.write`.
 * @throws NestedBlockTypeMissing, BlockSchemaRefused, BlockSchemaMadeMeanwhile
 */
export function registerBlockSchema(ctx: ServerContext, tx: Db, schema: BlockSchemaCreate): Promise<Registered> {
  return register(ctx, tx, { schema, within: new Set() });
}

/** `within`: the ids of the schemas this one is being registered for. */
interface Registration {
  readonly schema: BlockSchemaCreate;
  readonly within: ReadonlySet<string>;
}

async function register(ctx: ServerContext, tx: Db, { schema, within }: Registration): Promise<Registered> {
  const definitions = definitionsOf(schema.fields);
  const checksum = blockChecksum(schema.fields);
  const known = await findBlockSchemaByChecksum(tx, checksum, schema.version);
  if (known) return { row: known, isNew: false };
  if (within.size >= MAX_NESTED) throw BlockSchemaRefused(`blocks are nested in it more than ${MAX_NESTED} deep`);
  const stored = storedFields(schema.fields, definitions);
  const row = await insertSchema(ctx, tx, { ...schema, fields: stored, checksum });
  for (const reference of nestedReferences(schema.fields)) {
    const inside = { reference, fields: stored, definitions, within: new Set(within).add(row.id) };
    const nested = await registerNested(ctx, tx, inside);
    await insertSchemaReference(tx, {
      id: ctx.ids.next(),
      created: timeNow(ctx),
      updated: timeNow(ctx),
      name: reference.name,
      parent_block_schema_id: row.id,
      reference_block_schema_id: nested.id,
    });
  }
  return { row, isNew: true };
}

async function insertSchema(
  ctx: ServerContext,
  tx: Db,
  schema: BlockSchemaCreate & { readonly checksum: string },
): Promise<BlockSchemaRow> {
  const row = await insertBlockSchema(tx, {
    id: ctx.ids.next(),
    created: timeNow(ctx),
    updated: timeNow(ctx),
    checksum: schema.checksum,
    fields: JSON.stringify(schema.fields),
    block_type_id: schema.block_type_id,
    capabilities: JSON.stringify(schema.capabilities),
    version: schema.version,
  });
  if (!row) throw BlockSchemaMadeMeanwhile();
  return row;
}

const timeNow = (ctx: ServerContext) => ctx.db.dialect.timestamp(ctx.clock.now());

/** Nested blocks are stored as schemas of their own, and put back when the schema is read. */
export function storedFields(fields: Json, definitions: Json | undefined): Json {
  const { block_schema_references: _references, ...rest } = fields;
  if (definitions === undefined) return rest;
  const { definitions: _definitions, ...plain } = rest;
  const own = nonBlockDefinitions(fields, definitions);
  return Object.keys(own).length === 0 ? plain : { ...plain, definitions: own };
}

interface Reference {
  /** The field that holds the nested block. */
  readonly name: string;
  readonly slug: string;
  readonly checksum: string;
}

function nestedReferences({ block_schema_references: references = {} }: Json): readonly Reference[] {
  if (!isRecord(references)) throw BlockSchemaRefused("its 'block_schema_references' are no object");
  return Object.entries(references).flatMap(([name, entries]) =>
    [entries].flat().map((entry: unknown) => {
      const { block_type_slug: slug, block_schema_checksum: checksum } = isRecord(entry) ? entry : {};
      if (typeof slug === "string" && typeof checksum === "string") return { name, slug, checksum };
      throw BlockSchemaRefused(`its reference '${name}' has no 'block_type_slug' and 'block_schema_checksum'`);
    }),
  );
}

async function registerNested(
  ctx: ServerContext,
  tx: Db,
  nested: {
    readonly reference: Reference;
    readonly fields: Json;
    readonly definitions: Json | undefined;
    readonly within: ReadonlySet<string>;
  },
): Promise<BlockSchemaRow> {
  const { reference, fields, definitions, within } = nested;
  const type = await findBlockType(tx, { slug: reference.slug });
  if (!type) throw NestedBlockTypeMissing(pythonRepr(reference.slug));
  const known = await findBlockSchemaByChecksum(tx, reference.checksum);
  if (known) return known;
  const definition = definitions && definitionOf(reference, fields, definitions);
  if (definition === undefined || definitions === undefined)
    throw BlockSchemaRefused(`it has no definition of the block in '${reference.name}'`);
  const draft = { block_type_id: type.id, capabilities: [], version: UNVERSIONED };
  const schema = { ...draft, fields: { ...definition, definitions } };
  const { row } = await register(ctx, tx, { schema, within });
  if (within.has(row.id)) throw BlockSchemaRefused(`the block in '${reference.name}' has the block itself inside`);
  return row;
}

/** A field that takes several kinds of blocks refers to several definitions: the one of the type is meant. */
function definitionOf({ name, slug }: Reference, { properties }: Json, definitions: Json): Json | undefined {
  const field = isRecord(properties) ? properties[name] : undefined;
  const candidates = referenceStrings(field)
    .map((reference) => definitions[definitionKey(reference)])
    .filter(isRecord);
  return candidates.length === 1 ? candidates[0] : candidates.find((each) => each.block_type_slug === slug);
}
