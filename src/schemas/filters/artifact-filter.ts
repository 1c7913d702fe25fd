import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../common.ts";
import { Operator } from "./operator.ts";

export const ArtifactFilterFlowRunId = s.object(
  "ArtifactFilterFlowRunId",
  {
    any_: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type ArtifactFilterFlowRunId = s.Infer<typeof ArtifactFilterFlowRunId>;

export const ArtifactFilterId = s.object(
  "ArtifactFilterId",
  {
    any_: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type ArtifactFilterId = s.Infer<typeof ArtifactFilterId>;

export const ArtifactFilterKey = s.object(
  "ArtifactFilterKey",
  {
    any_: orAbsent(s.array(s.string())),
    like_: orAbsent(s.string()),
    exists_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type ArtifactFilterKey = s.Infer<typeof ArtifactFilterKey>;

export const ArtifactFilterTaskRunId = s.object(
  "ArtifactFilterTaskRunId",
  {
    any_: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type ArtifactFilterTaskRunId = s.Infer<typeof ArtifactFilterTaskRunId>;

export const ArtifactFilterType = s.object(
  "ArtifactFilterType",
  {
    any_: orAbsent(s.array(s.string())),
    not_any_: orAbsent(s.array(s.string())),
  },
  { extra: "forbid" },
);
export type ArtifactFilterType = s.Infer<typeof ArtifactFilterType>;

export const ArtifactFilter = s.object(
  "ArtifactFilter",
  {
    operator: s.defaulted(Operator, "and_"),
    id: orAbsent(ArtifactFilterId),
    key: orAbsent(ArtifactFilterKey),
    flow_run_id: orAbsent(ArtifactFilterFlowRunId),
    task_run_id: orAbsent(ArtifactFilterTaskRunId),
    type: orAbsent(ArtifactFilterType),
  },
  { extra: "forbid" },
);
export type ArtifactFilter = s.Infer<typeof ArtifactFilter>;
