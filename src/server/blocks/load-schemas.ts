import type { Db } from "../../db/database.ts";
import {
  type BlockSchemaRow,
  listBlockSchemasById,
  listSchemaReferences,
  type SchemaReference,
} from "../../db/repositories/block-schemas.ts";
import { type BlockTypeRow, listBlockTypesById } from "../../db/repositories/block-types.ts";
import type { Json } from "../../domain/blocks/block-definitions.ts";
import { fullFields, type SchemaFamily } from "../../domain/blocks/full-fields.ts";
import { parseJson } from "../../kit/json.ts";
import { type BlockSchemaView, blockSchemaView } from "../views/block-schema.ts";

/** How deep schemas are looked up inside each other. */
const MAX_DEPTH = 50;

/** Schemas as the API shows them: with their types, and with what is nested in them. */
export async function loadSchemas(db: Db, roots: readonly BlockSchemaRow[]): Promise<readonly BlockSchemaView[]> {
  const { rows, references } = await loadNested(db, roots);
  const typeIds = new Set([...rows.values()].map((row) => row.block_type_id));
  const types = new Map((await listBlockTypesById(db, [...typeIds])).map((type) => [type.id, type]));
  const family = familyOf(rows, { references, types });
  return roots.map((row) =>
    blockSchemaView(row, { type: types.get(row.block_type_id), fields: fullFields(family, row.id) }),
  );
}

async function loadNested(db: Db, roots: readonly BlockSchemaRow[]) {
  const rows = new Map(roots.map((row) => [row.id, row]));
  const references: SchemaReference[] = [];
  let level: readonly string[] = [...rows.keys()];
  for (let depth = 0; level.length > 0 && depth < MAX_DEPTH; depth++) {
    const found = await listSchemaReferences(db, level);
    references.push(...found);
    const unknown = new Set(found.map((each) => each.reference_block_schema_id).filter((id) => !rows.has(id)));
    level = [...unknown];
    if (level.length === 0) break;
    for (const row of await listBlockSchemasById(db, level)) rows.set(row.id, row);
  }
  return { rows, references };
}

function familyOf(
  rows: ReadonlyMap<string, BlockSchemaRow>,
  { references, types }: { references: readonly SchemaReference[]; types: ReadonlyMap<string, BlockTypeRow> },
): SchemaFamily {
  const schemas = [...rows.values()].map((row) => {
    const slug = types.get(row.block_type_id)?.slug ?? "";
    return [row.id, { checksum: row.checksum, slug, fields: parseJson(row.fields) as Json }] as const;
  });
  const nested = Map.groupBy(
    references.map(({ name, parent_block_schema_id: parent, reference_block_schema_id: id }) => ({ parent, name, id })),
    ({ parent }) => parent,
  );
  return { schemas: new Map(schemas), nested };
}
