import type { Row } from "../../db/tables.ts";
import { jsonColumn } from "./json-column.ts";

/** A flow as the API gives it. */
export function flowView(row: Row<"flow">) {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    tags: jsonColumn(row.tags, []),
    labels: jsonColumn(row.labels),
  };
}
