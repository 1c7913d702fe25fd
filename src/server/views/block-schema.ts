import type { BlockSchemaRow } from "../../db/repositories/block-schemas.ts";
import type { BlockTypeRow } from "../../db/repositories/block-types.ts";
import type { Json } from "../../domain/blocks/block-definitions.ts";
import { parseJson } from "../../kit/json.ts";
import { blockTypeView } from "./block-type.ts";

export type BlockSchemaView = ReturnType<typeof blockSchemaView>;

/** A block schema as the API gives it; `fields` are the full ones, see `fullFields`. */
export function blockSchemaView(row: BlockSchemaRow, whole: { type: BlockTypeRow | undefined; fields: Json }) {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    checksum: row.checksum,
    fields: whole.fields,
    block_type_id: row.block_type_id,
    block_type: whole.type === undefined ? null : blockTypeView(whole.type),
    capabilities: parseJson(row.capabilities) as readonly string[],
    version: row.version,
  };
}
