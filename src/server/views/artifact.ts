import type { Row } from "../../db/tables.ts";
import { jsonColumn } from "./json-column.ts";

/** An artifact as the API gives it. */
export function artifactView(row: Row<"artifact">) {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    key: row.key,
    type: row.type,
    description: row.description,
    data: jsonColumn(row.data),
    metadata_: jsonColumn(row.metadata_),
    flow_run_id: row.flow_run_id,
    task_run_id: row.task_run_id,
  };
}

/** The newest artifact of a key as lists of the newest give it. */
export function artifactCollectionView(row: Row<"artifact_collection">) {
  return { ...artifactView(row), latest_id: row.latest_id };
}
