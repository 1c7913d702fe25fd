import { id, word } from "./criteria.ts";
import { column, defineFilter } from "./filter.ts";

/** ArtifactFilter as a condition on `artifact`; `type` has no index: it narrows the artifacts of a run or a key. */
export const matchArtifact = defineFilter({
  id: id(column("artifact.id")),
  key: word(column("artifact.key")),
  flow_run_id: id(column("artifact.flow_run_id")),
  task_run_id: id(column("artifact.task_run_id")),
  type: word(column("artifact.type")),
});

/** ArtifactCollectionFilter as a condition on `artifact_collection`: one row per key, scanned. */
export const matchArtifactCollection = defineFilter({
  latest_id: id(column("artifact_collection.latest_id")),
  key: word(column("artifact_collection.key")),
  flow_run_id: id(column("artifact_collection.flow_run_id")),
  task_run_id: id(column("artifact_collection.task_run_id")),
  type: word(column("artifact_collection.type")),
});
