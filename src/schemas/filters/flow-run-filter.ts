import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../common.ts";
import { StateType } from "../state.ts";
import { Operator } from "./operator.ts";

export const FlowRunFilterCreatedBy = s.object(
  "FlowRunFilterCreatedBy",
  {
    operator: s.defaulted(Operator, "and_"),
    id_: orAbsent(s.array(s.uuid())),
    type_: orAbsent(s.array(s.string())),
    is_null_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type FlowRunFilterCreatedBy = s.Infer<typeof FlowRunFilterCreatedBy>;

export const FlowRunFilterDeploymentId = s.object(
  "FlowRunFilterDeploymentId",
  {
    operator: s.defaulted(Operator, "and_"),
    any_: orAbsent(s.array(s.uuid())),
    is_null_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type FlowRunFilterDeploymentId = s.Infer<typeof FlowRunFilterDeploymentId>;

export const FlowRunFilterEndTime = s.object(
  "FlowRunFilterEndTime",
  {
    before_: orAbsent(s.dateTime()),
    after_: orAbsent(s.dateTime()),
    is_null_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type FlowRunFilterEndTime = s.Infer<typeof FlowRunFilterEndTime>;

export const FlowRunFilterExpectedStartTime = s.object(
  "FlowRunFilterExpectedStartTime",
  {
    before_: orAbsent(s.dateTime()),
    after_: orAbsent(s.dateTime()),
  },
  { extra: "forbid" },
);
export type FlowRunFilterExpectedStartTime = s.Infer<typeof FlowRunFilterExpectedStartTime>;

export const FlowRunFilterFlowVersion = s.object(
  "FlowRunFilterFlowVersion",
  {
    any_: orAbsent(s.array(s.string())),
  },
  { extra: "forbid" },
);
export type FlowRunFilterFlowVersion = s.Infer<typeof FlowRunFilterFlowVersion>;

export const FlowRunFilterId = s.object(
  "FlowRunFilterId",
  {
    any_: orAbsent(s.array(s.uuid())),
    not_any_: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type FlowRunFilterId = s.Infer<typeof FlowRunFilterId>;

export const FlowRunFilterIdempotencyKey = s.object(
  "FlowRunFilterIdempotencyKey",
  {
    any_: orAbsent(s.array(s.string())),
    not_any_: orAbsent(s.array(s.string())),
  },
  { extra: "forbid" },
);
export type FlowRunFilterIdempotencyKey = s.Infer<typeof FlowRunFilterIdempotencyKey>;

export const FlowRunFilterName = s.object(
  "FlowRunFilterName",
  {
    any_: orAbsent(s.array(s.string())),
    like_: orAbsent(s.string()),
  },
  { extra: "forbid" },
);
export type FlowRunFilterName = s.Infer<typeof FlowRunFilterName>;

export const FlowRunFilterNextScheduledStartTime = s.object(
  "FlowRunFilterNextScheduledStartTime",
  {
    before_: orAbsent(s.dateTime()),
    after_: orAbsent(s.dateTime()),
  },
  { extra: "forbid" },
);
export type FlowRunFilterNextScheduledStartTime = s.Infer<typeof FlowRunFilterNextScheduledStartTime>;

export const FlowRunFilterParentFlowRunId = s.object(
  "FlowRunFilterParentFlowRunId",
  {
    operator: s.defaulted(Operator, "and_"),
    any_: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type FlowRunFilterParentFlowRunId = s.Infer<typeof FlowRunFilterParentFlowRunId>;

export const FlowRunFilterParentTaskRunId = s.object(
  "FlowRunFilterParentTaskRunId",
  {
    operator: s.defaulted(Operator, "and_"),
    any_: orAbsent(s.array(s.uuid())),
    is_null_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type FlowRunFilterParentTaskRunId = s.Infer<typeof FlowRunFilterParentTaskRunId>;

export const FlowRunFilterStartTime = s.object(
  "FlowRunFilterStartTime",
  {
    before_: orAbsent(s.dateTime()),
    after_: orAbsent(s.dateTime()),
    is_null_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type FlowRunFilterStartTime = s.Infer<typeof FlowRunFilterStartTime>;

export const FlowRunFilterStateName = s.object(
  "FlowRunFilterStateName",
  {
    any_: orAbsent(s.array(s.string())),
    not_any_: orAbsent(s.array(s.string())),
  },
  { extra: "forbid" },
);
export type FlowRunFilterStateName = s.Infer<typeof FlowRunFilterStateName>;

export const FlowRunFilterStateType = s.object(
  "FlowRunFilterStateType",
  {
    any_: orAbsent(s.array(StateType)),
    not_any_: orAbsent(s.array(StateType)),
  },
  { extra: "forbid" },
);
export type FlowRunFilterStateType = s.Infer<typeof FlowRunFilterStateType>;

export const FlowRunFilterState = s.object(
  "FlowRunFilterState",
  {
    operator: s.defaulted(Operator, "and_"),
    type: orAbsent(FlowRunFilterStateType),
    name: orAbsent(FlowRunFilterStateName),
  },
  { extra: "forbid" },
);
export type FlowRunFilterState = s.Infer<typeof FlowRunFilterState>;

export const FlowRunFilterTags = s.object(
  "FlowRunFilterTags",
  {
    operator: s.defaulted(Operator, "and_"),
    all_: orAbsent(s.array(s.string())),
    any_: orAbsent(s.array(s.string())),
    is_null_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type FlowRunFilterTags = s.Infer<typeof FlowRunFilterTags>;

export const FlowRunFilterWorkQueueName = s.object(
  "FlowRunFilterWorkQueueName",
  {
    operator: s.defaulted(Operator, "and_"),
    any_: orAbsent(s.array(s.string())),
    is_null_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type FlowRunFilterWorkQueueName = s.Infer<typeof FlowRunFilterWorkQueueName>;

export const FlowRunFilter = s.object(
  "FlowRunFilter",
  {
    operator: s.defaulted(Operator, "and_"),
    id: orAbsent(FlowRunFilterId),
    name: orAbsent(FlowRunFilterName),
    tags: orAbsent(FlowRunFilterTags),
    deployment_id: orAbsent(FlowRunFilterDeploymentId),
    work_queue_name: orAbsent(FlowRunFilterWorkQueueName),
    state: orAbsent(FlowRunFilterState),
    flow_version: orAbsent(FlowRunFilterFlowVersion),
    start_time: orAbsent(FlowRunFilterStartTime),
    end_time: orAbsent(FlowRunFilterEndTime),
    expected_start_time: orAbsent(FlowRunFilterExpectedStartTime),
    next_scheduled_start_time: orAbsent(FlowRunFilterNextScheduledStartTime),
    parent_flow_run_id: orAbsent(FlowRunFilterParentFlowRunId),
    parent_task_run_id: orAbsent(FlowRunFilterParentTaskRunId),
    idempotency_key: orAbsent(FlowRunFilterIdempotencyKey),
    created_by: orAbsent(FlowRunFilterCreatedBy),
  },
  { extra: "forbid" },
);
export type FlowRunFilter = s.Infer<typeof FlowRunFilter>;
