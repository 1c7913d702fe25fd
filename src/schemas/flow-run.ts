import * as s from "../kit/schema/schema.ts";
import { CreatedBy } from "./attribution.ts";
import { labels, labelsOrNull, openObject, orNull, runName, storedFields } from "./common.ts";
import { fillRetries } from "./retry-policy.ts";
import { State, StateCreate, StateType } from "./state.ts";
import { TaskRunResult } from "./task-run.ts";

export const FlowRunPolicy = s.preprocess(
  s.object("FlowRunPolicy", {
    max_retries: s.defaulted(s.documented(s.integer(), { keywords: { deprecated: true } }), 0),
    retry_delay_seconds: s.defaulted(s.documented(s.number(), { keywords: { deprecated: true } }), 0),
    retries: orNull(s.integer()),
    retry_delay: orNull(s.integer()),
    pause_keys: s.defaulted(s.nullable(s.set(s.string())), () => []),
    resuming: s.defaulted(s.nullable(s.boolean()), false),
    retry_type: orNull(s.oneOf(["in_process", "reschedule"])),
  }),
  fillRetries,
);
export type FlowRunPolicy = s.Infer<typeof FlowRunPolicy>;

export const FlowRun = s.object("FlowRun", {
  ...storedFields,
  name: s.supplied(s.string()),
  flow_id: s.uuid(),
  state_id: orNull(s.uuid()),
  deployment_id: orNull(s.uuid()),
  deployment_version: orNull(s.string()),
  work_queue_name: orNull(s.string()),
  flow_version: orNull(s.string()),
  parameters: s.defaulted(s.record(s.json()), () => ({})),
  idempotency_key: orNull(s.string()),
  context: s.defaulted(s.record(s.json()), () => ({})),
  empirical_policy: s.defaulted(FlowRunPolicy, s.emptyOf(FlowRunPolicy)),
  tags: s.defaulted(s.array(s.string()), () => []),
  labels: labelsOrNull(),
  parent_task_run_id: orNull(s.uuid()),
  state_type: orNull(StateType),
  state_name: orNull(s.string()),
  run_count: s.defaulted(s.integer(), 0),
  expected_start_time: orNull(s.dateTime()),
  next_scheduled_start_time: orNull(s.dateTime()),
  start_time: orNull(s.dateTime()),
  end_time: orNull(s.dateTime()),
  total_run_time: s.defaulted(s.number(), 0.0),
  estimated_run_time: s.defaulted(s.number(), 0.0),
  estimated_start_time_delta: s.defaulted(s.number(), 0.0),
  auto_scheduled: s.defaulted(s.boolean(), false),
  infrastructure_document_id: orNull(s.uuid()),
  infrastructure_pid: orNull(s.string()),
  created_by: orNull(CreatedBy),
  work_queue_id: orNull(s.uuid()),
  state: orNull(State),
  job_variables: orNull(s.record(s.json())),
});
export type FlowRun = s.Infer<typeof FlowRun>;

export const FlowRunResponse = s.object("FlowRunResponse", {
  ...storedFields,
  name: s.supplied(s.string()),
  flow_id: s.uuid(),
  state_id: orNull(s.uuid()),
  deployment_id: orNull(s.uuid()),
  deployment_version: orNull(s.string()),
  work_queue_id: orNull(s.uuid()),
  work_queue_name: orNull(s.string()),
  flow_version: orNull(s.string()),
  parameters: s.defaulted(s.record(s.json()), () => ({})),
  idempotency_key: orNull(s.string()),
  context: s.defaulted(s.record(s.json()), () => ({})),
  empirical_policy: s.defaulted(FlowRunPolicy, s.emptyOf(FlowRunPolicy)),
  tags: s.defaulted(s.array(s.string()), () => []),
  labels: s.defaulted(labels(), () => ({})),
  parent_task_run_id: orNull(s.uuid()),
  state_type: orNull(StateType),
  state_name: orNull(s.string()),
  run_count: s.defaulted(s.integer(), 0),
  expected_start_time: orNull(s.dateTime()),
  next_scheduled_start_time: orNull(s.dateTime()),
  start_time: orNull(s.dateTime()),
  end_time: orNull(s.dateTime()),
  total_run_time: s.defaulted(s.number(), 0.0),
  estimated_run_time: s.defaulted(s.number(), 0.0),
  estimated_start_time_delta: s.defaulted(s.number(), 0.0),
  auto_scheduled: s.defaulted(s.boolean(), false),
  infrastructure_document_id: orNull(s.uuid()),
  infrastructure_pid: orNull(s.string()),
  created_by: orNull(CreatedBy),
  work_pool_id: orNull(s.uuid()),
  work_pool_name: orNull(s.string()),
  state: orNull(State),
  job_variables: orNull(s.record(s.json())),
});
export type FlowRunResponse = s.Infer<typeof FlowRunResponse>;

export const FlowRunCreate = s.object(
  "FlowRunCreate",
  {
    state: orNull(StateCreate),
    name: s.optional(runName()),
    flow_id: s.uuid(),
    flow_version: orNull(s.string()),
    parameters: s.defaulted(s.record(s.json()), () => ({})),
    context: s.defaulted(s.record(s.json()), () => ({})),
    parent_task_run_id: orNull(s.uuid()),
    infrastructure_document_id: orNull(s.uuid()),
    empirical_policy: s.defaulted(FlowRunPolicy, s.emptyOf(FlowRunPolicy)),
    tags: s.defaulted(s.array(s.string()), () => []),
    labels: labelsOrNull(),
    idempotency_key: orNull(s.string()),
    work_pool_name: orNull(s.string()),
    work_queue_name: orNull(s.string()),
    job_variables: orNull(s.record(s.json())),
    deployment_id: s.defaulted(s.documented(s.nullable(s.uuid()), { keywords: { deprecated: true } }), null),
  },
  { extra: "forbid" },
);
export type FlowRunCreate = s.Infer<typeof FlowRunCreate>;

export const FlowRunUpdate = s.object(
  "FlowRunUpdate",
  {
    name: s.optional(s.documented(runName(), { replace: s.nullable(s.string()).jsonSchema })),
    flow_version: s.optional(s.nullable(s.string())),
    parameters: s.optional(s.record(s.json())),
    empirical_policy: s.optional(FlowRunPolicy),
    tags: s.optional(s.array(s.string())),
    infrastructure_pid: s.optional(s.nullable(s.string())),
    job_variables: s.optional(s.nullable(s.record(s.json()))),
  },
  { extra: "forbid" },
);
export type FlowRunUpdate = s.Infer<typeof FlowRunUpdate>;

export const DeploymentFlowRunCreate = s.object(
  "DeploymentFlowRunCreate",
  {
    state: orNull(StateCreate),
    name: s.optional(runName()),
    parameters: s.defaulted(s.record(s.json()), () => ({})),
    enforce_parameter_schema: orNull(s.boolean()),
    context: s.defaulted(s.record(s.json()), () => ({})),
    infrastructure_document_id: orNull(s.uuid()),
    empirical_policy: s.defaulted(FlowRunPolicy, s.emptyOf(FlowRunPolicy)),
    tags: s.defaulted(s.array(s.string()), () => []),
    idempotency_key: orNull(s.string()),
    labels: orNull(labels()),
    parent_task_run_id: orNull(s.uuid()),
    work_queue_name: orNull(s.string()),
    job_variables: s.defaulted(openObject, () => ({})),
  },
  { extra: "forbid" },
);
export type DeploymentFlowRunCreate = s.Infer<typeof DeploymentFlowRunCreate>;

export const FlowRunPaginationResponse = s.object("FlowRunPaginationResponse", {
  results: s.array(FlowRunResponse),
  count: s.integer(),
  limit: s.integer(),
  pages: s.integer(),
  page: s.integer(),
});
export type FlowRunPaginationResponse = s.Infer<typeof FlowRunPaginationResponse>;

export const SimpleFlowRun = s.object("SimpleFlowRun", {
  id: s.uuid(),
  state_type: StateType,
  timestamp: s.dateTime(),
  duration: s.number(),
  lateness: s.number(),
});
export type SimpleFlowRun = s.Infer<typeof SimpleFlowRun>;

export const SimpleNextFlowRun = s.object("SimpleNextFlowRun", {
  id: s.uuid(),
  flow_id: s.uuid(),
  name: s.string(),
  state_name: s.string(),
  state_type: StateType,
  next_scheduled_start_time: s.dateTime(),
});
export type SimpleNextFlowRun = s.Infer<typeof SimpleNextFlowRun>;

export const FlowRunBulkDeleteResponse = s.object("FlowRunBulkDeleteResponse", {
  deleted: s.defaulted(s.array(s.uuid()), () => []),
});
export type FlowRunBulkDeleteResponse = s.Infer<typeof FlowRunBulkDeleteResponse>;

export const FlowRunCreateResult = s.object("FlowRunCreateResult", {
  flow_run_id: orNull(s.uuid()),
  status: s.oneOf(["CREATED", "FAILED"]),
  error: orNull(s.string()),
});
export type FlowRunCreateResult = s.Infer<typeof FlowRunCreateResult>;

export const FlowRunBulkCreateResponse = s.object("FlowRunBulkCreateResponse", {
  results: s.defaulted(s.array(FlowRunCreateResult), () => []),
});
export type FlowRunBulkCreateResponse = s.Infer<typeof FlowRunBulkCreateResponse>;

export const WorkerFlowRunResponse = s.object("WorkerFlowRunResponse", {
  work_pool_id: s.uuid(),
  work_queue_id: s.uuid(),
  flow_run: FlowRun,
});
export type WorkerFlowRunResponse = s.Infer<typeof WorkerFlowRunResponse>;

export const DependencyResult = s.object("DependencyResult", {
  id: s.uuid(),
  name: s.string(),
  upstream_dependencies: s.array(TaskRunResult),
  state: s.nullable(State),
  expected_start_time: s.nullable(s.dateTime()),
  start_time: s.nullable(s.dateTime()),
  end_time: s.nullable(s.dateTime()),
  total_run_time: s.nullable(s.number()),
  estimated_run_time: s.nullable(s.number()),
  untrackable_result: s.boolean(),
});
export type DependencyResult = s.Infer<typeof DependencyResult>;

export const FlowRunInput = s.object("FlowRunInput", {
  ...storedFields,
  flow_run_id: s.uuid(),
  key: s.string(),
  value: s.string(),
  sender: orNull(s.string()),
});
export type FlowRunInput = s.Infer<typeof FlowRunInput>;
