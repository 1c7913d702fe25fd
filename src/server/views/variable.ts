import type { Row } from "../../db/tables.ts";
import { jsonColumn } from "./json-column.ts";

/** A variable as the API gives it. */
export function variableView(row: Row<"variable">) {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    value: jsonColumn(row.value),
    tags: jsonColumn(row.tags, []),
  };
}
