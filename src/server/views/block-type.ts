import type { BlockTypeRow } from "../../db/repositories/block-types.ts";

/** A block type as the API gives it. */
export function blockTypeView(row: BlockTypeRow) {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    slug: row.slug,
    logo_url: row.logo_url,
    documentation_url: row.documentation_url,
    description: row.description,
    code_example: row.code_example,
    is_protected: row.is_protected,
  };
}
