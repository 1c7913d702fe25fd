import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../common.ts";
import { Operator } from "./operator.ts";

export const DeploymentOrFlowNameFilter = s.object(
  "DeploymentOrFlowNameFilter",
  {
    like_: orAbsent(s.string()),
  },
  { extra: "forbid" },
);
export type DeploymentOrFlowNameFilter = s.Infer<typeof DeploymentOrFlowNameFilter>;

export const DeploymentFilterConcurrencyLimit = s.object(
  "DeploymentFilterConcurrencyLimit",
  {
    ge_: orAbsent(s.integer()),
    le_: orAbsent(s.integer()),
    is_null_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type DeploymentFilterConcurrencyLimit = s.Infer<typeof DeploymentFilterConcurrencyLimit>;

export const DeploymentFilterId = s.object(
  "DeploymentFilterId",
  {
    any_: orAbsent(s.array(s.uuid())),
    not_any_: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type DeploymentFilterId = s.Infer<typeof DeploymentFilterId>;

export const DeploymentFilterName = s.object(
  "DeploymentFilterName",
  {
    any_: orAbsent(s.array(s.string())),
    like_: orAbsent(s.string()),
  },
  { extra: "forbid" },
);
export type DeploymentFilterName = s.Infer<typeof DeploymentFilterName>;

export const DeploymentFilterPaused = s.object(
  "DeploymentFilterPaused",
  {
    eq_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type DeploymentFilterPaused = s.Infer<typeof DeploymentFilterPaused>;

export const DeploymentFilterTags = s.object(
  "DeploymentFilterTags",
  {
    operator: s.defaulted(Operator, "and_"),
    all_: orAbsent(s.array(s.string())),
    any_: orAbsent(s.array(s.string())),
    is_null_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type DeploymentFilterTags = s.Infer<typeof DeploymentFilterTags>;

export const DeploymentFilterWorkQueueName = s.object(
  "DeploymentFilterWorkQueueName",
  {
    any_: orAbsent(s.array(s.string())),
  },
  { extra: "forbid" },
);
export type DeploymentFilterWorkQueueName = s.Infer<typeof DeploymentFilterWorkQueueName>;

export const DeploymentFilter = s.object(
  "DeploymentFilter",
  {
    operator: s.defaulted(Operator, "and_"),
    id: orAbsent(DeploymentFilterId),
    name: orAbsent(DeploymentFilterName),
    flow_or_deployment_name: orAbsent(DeploymentOrFlowNameFilter),
    paused: orAbsent(DeploymentFilterPaused),
    tags: orAbsent(DeploymentFilterTags),
    work_queue_name: orAbsent(DeploymentFilterWorkQueueName),
    concurrency_limit: s.optional(
      s.documented(s.nullable(DeploymentFilterConcurrencyLimit), { keywords: { deprecated: true } }),
    ),
  },
  { extra: "forbid" },
);
export type DeploymentFilter = s.Infer<typeof DeploymentFilter>;
