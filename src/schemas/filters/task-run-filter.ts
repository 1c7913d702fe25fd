import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../common.ts";
import { StateType } from "../state.ts";
import { Operator } from "./operator.ts";

export const TaskRunFilterEndTime = s.object(
  "TaskRunFilterEndTime",
  {
    before_: orAbsent(s.dateTime()),
    after_: orAbsent(s.dateTime()),
    is_null_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type TaskRunFilterEndTime = s.Infer<typeof TaskRunFilterEndTime>;

export const TaskRunFilterExpectedStartTime = s.object(
  "TaskRunFilterExpectedStartTime",
  {
    before_: orAbsent(s.dateTime()),
    after_: orAbsent(s.dateTime()),
  },
  { extra: "forbid" },
);
export type TaskRunFilterExpectedStartTime = s.Infer<typeof TaskRunFilterExpectedStartTime>;

export const TaskRunFilterFlowRunId = s.object(
  "TaskRunFilterFlowRunId",
  {
    operator: s.defaulted(Operator, "and_"),
    any_: orAbsent(s.array(s.uuid())),
    is_null_: s.defaulted(s.nullable(s.boolean()), false),
  },
  { extra: "forbid" },
);
export type TaskRunFilterFlowRunId = s.Infer<typeof TaskRunFilterFlowRunId>;

export const TaskRunFilterId = s.object(
  "TaskRunFilterId",
  {
    any_: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type TaskRunFilterId = s.Infer<typeof TaskRunFilterId>;

export const TaskRunFilterName = s.object(
  "TaskRunFilterName",
  {
    any_: orAbsent(s.array(s.string())),
    like_: orAbsent(s.string()),
  },
  { extra: "forbid" },
);
export type TaskRunFilterName = s.Infer<typeof TaskRunFilterName>;

export const TaskRunFilterStartTime = s.object(
  "TaskRunFilterStartTime",
  {
    before_: orAbsent(s.dateTime()),
    after_: orAbsent(s.dateTime()),
    is_null_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type TaskRunFilterStartTime = s.Infer<typeof TaskRunFilterStartTime>;

export const TaskRunFilterStateName = s.object(
  "TaskRunFilterStateName",
  {
    any_: orAbsent(s.array(s.string())),
  },
  { extra: "forbid" },
);
export type TaskRunFilterStateName = s.Infer<typeof TaskRunFilterStateName>;

export const TaskRunFilterStateType = s.object(
  "TaskRunFilterStateType",
  {
    any_: orAbsent(s.array(StateType)),
  },
  { extra: "forbid" },
);
export type TaskRunFilterStateType = s.Infer<typeof TaskRunFilterStateType>;

export const TaskRunFilterState = s.object(
  "TaskRunFilterState",
  {
    operator: s.defaulted(Operator, "and_"),
    type: orAbsent(TaskRunFilterStateType),
    name: orAbsent(TaskRunFilterStateName),
  },
  { extra: "forbid" },
);
export type TaskRunFilterState = s.Infer<typeof TaskRunFilterState>;

export const TaskRunFilterSubFlowRuns = s.object(
  "TaskRunFilterSubFlowRuns",
  {
    exists_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type TaskRunFilterSubFlowRuns = s.Infer<typeof TaskRunFilterSubFlowRuns>;

export const TaskRunFilterTags = s.object(
  "TaskRunFilterTags",
  {
    operator: s.defaulted(Operator, "and_"),
    all_: orAbsent(s.array(s.string())),
    is_null_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type TaskRunFilterTags = s.Infer<typeof TaskRunFilterTags>;

export const TaskRunFilter = s.object(
  "TaskRunFilter",
  {
    operator: s.defaulted(Operator, "and_"),
    id: orAbsent(TaskRunFilterId),
    name: orAbsent(TaskRunFilterName),
    tags: orAbsent(TaskRunFilterTags),
    state: orAbsent(TaskRunFilterState),
    start_time: orAbsent(TaskRunFilterStartTime),
    end_time: orAbsent(TaskRunFilterEndTime),
    expected_start_time: orAbsent(TaskRunFilterExpectedStartTime),
    subflow_runs: orAbsent(TaskRunFilterSubFlowRuns),
    flow_run_id: orAbsent(TaskRunFilterFlowRunId),
  },
  { extra: "forbid" },
);
export type TaskRunFilter = s.Infer<typeof TaskRunFilter>;
