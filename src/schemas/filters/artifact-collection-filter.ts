import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../common.ts";
import { Operator } from "./operator.ts";

export const ArtifactCollectionFilterFlowRunId = s.object(
  "ArtifactCollectionFilterFlowRunId",
  {
    any_: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type ArtifactCollectionFilterFlowRunId = s.Infer<typeof ArtifactCollectionFilterFlowRunId>;

export const ArtifactCollectionFilterKey = s.object(
  "ArtifactCollectionFilterKey",
  {
    any_: orAbsent(s.array(s.string())),
    like_: orAbsent(s.string()),
    exists_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type ArtifactCollectionFilterKey = s.Infer<typeof ArtifactCollectionFilterKey>;

export const ArtifactCollectionFilterLatestId = s.object(
  "ArtifactCollectionFilterLatestId",
  {
    any_: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type ArtifactCollectionFilterLatestId = s.Infer<typeof ArtifactCollectionFilterLatestId>;

export const ArtifactCollectionFilterTaskRunId = s.object(
  "ArtifactCollectionFilterTaskRunId",
  {
    any_: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type ArtifactCollectionFilterTaskRunId = s.Infer<typeof ArtifactCollectionFilterTaskRunId>;

export const ArtifactCollectionFilterType = s.object(
  "ArtifactCollectionFilterType",
  {
    any_: orAbsent(s.array(s.string())),
    not_any_: orAbsent(s.array(s.string())),
  },
  { extra: "forbid" },
);
export type ArtifactCollectionFilterType = s.Infer<typeof ArtifactCollectionFilterType>;

export const ArtifactCollectionFilter = s.object(
  "ArtifactCollectionFilter",
  {
    operator: s.defaulted(Operator, "and_"),
    latest_id: orAbsent(ArtifactCollectionFilterLatestId),
    key: orAbsent(ArtifactCollectionFilterKey),
    flow_run_id: orAbsent(ArtifactCollectionFilterFlowRunId),
    task_run_id: orAbsent(ArtifactCollectionFilterTaskRunId),
    type: orAbsent(ArtifactCollectionFilterType),
  },
  { extra: "forbid" },
);
export type ArtifactCollectionFilter = s.Infer<typeof ArtifactCollectionFilter>;
