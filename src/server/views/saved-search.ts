import type { Row } from "../../db/tables.ts";
import { jsonColumn } from "./json-column.ts";

/** A saved search as the API gives it. */
export function savedSearchView({ id, created, updated, name, filters }: Row<"saved_search">) {
  return { id, created, updated, name, filters: jsonColumn(filters, []) };
}
