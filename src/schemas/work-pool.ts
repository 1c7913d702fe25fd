import * as s from "../kit/schema/schema.ts";
import { BaseJobTemplate } from "./base-job-template.ts";
import { NAME_PATTERN, orNull, storedFields } from "./common.ts";
import { StateType } from "./state.ts";

export const WorkPoolStatus = s.oneOf(["READY", "NOT_READY", "PAUSED"], "WorkPoolStatus");
export type WorkPoolStatus = s.Infer<typeof WorkPoolStatus>;

export const WorkPoolStorageConfiguration = s.object(
  "WorkPoolStorageConfiguration",
  {
    bundle_upload_step: orNull(s.record(s.json())),
    bundle_execution_step: orNull(s.record(s.json())),
    default_result_storage_block_id: orNull(s.uuid()),
  },
  { extra: "forbid" },
);
export type WorkPoolStorageConfiguration = s.Infer<typeof WorkPoolStorageConfiguration>;

const poolName = s.guard(s.string({ pattern: NAME_PATTERN }), (input) =>
  typeof input === "string" && /^['" ]*$/.test(input) ? "name cannot be an empty string" : undefined,
);

export const WorkPoolCreate = s.object(
  "WorkPoolCreate",
  {
    name: poolName,
    description: orNull(s.string()),
    type: s.defaulted(s.string(), "prefect-agent"),
    base_job_template: s.defaulted(BaseJobTemplate, () => ({})),
    is_paused: s.defaulted(s.boolean(), false),
    concurrency_limit: orNull(s.integer({ ge: 0 })),
    storage_configuration: s.defaulted(WorkPoolStorageConfiguration, s.emptyOf(WorkPoolStorageConfiguration)),
  },
  { extra: "forbid" },
);
export type WorkPoolCreate = s.Infer<typeof WorkPoolCreate>;

export const WorkPoolUpdate = s.object(
  "WorkPoolUpdate",
  {
    description: s.optional(s.nullable(s.string())),
    is_paused: s.optional(s.nullable(s.boolean())),
    base_job_template: s.optional(s.documented(BaseJobTemplate, { replace: s.nullable(BaseJobTemplate).jsonSchema })),
    concurrency_limit: s.optional(s.nullable(s.integer({ ge: 0 }))),
    storage_configuration: s.optional(s.nullable(WorkPoolStorageConfiguration)),
  },
  { extra: "forbid" },
);
export type WorkPoolUpdate = s.Infer<typeof WorkPoolUpdate>;

export const WorkPoolResponse = s.object("WorkPoolResponse", {
  ...storedFields,
  name: s.string({ pattern: NAME_PATTERN }),
  description: orNull(s.string()),
  type: s.string(),
  base_job_template: s.defaulted(s.record(s.json()), () => ({})),
  is_paused: s.defaulted(s.boolean(), false),
  concurrency_limit: orNull(s.integer({ ge: 0 })),
  status: orNull(WorkPoolStatus),
  default_queue_id: orNull(s.uuid()),
  storage_configuration: s.defaulted(WorkPoolStorageConfiguration, s.emptyOf(WorkPoolStorageConfiguration)),
  active_slots: orNull(s.integer()),
});
export type WorkPoolResponse = s.Infer<typeof WorkPoolResponse>;

export const FlowRunSlotSummary = s.object("FlowRunSlotSummary", {
  id: s.uuid(),
  name: s.string(),
  state_type: orNull(StateType),
  state_name: orNull(s.string()),
  start_time: orNull(s.dateTime()),
  state_timestamp: orNull(s.dateTime()),
  time_in_current_state: orNull(s.number()),
});
export type FlowRunSlotSummary = s.Infer<typeof FlowRunSlotSummary>;

export const WorkQueueConcurrencyStatusDetail = s.object("WorkQueueConcurrencyStatusDetail", {
  queue_id: s.uuid(),
  queue_name: s.string(),
  active_slots: s.integer(),
  concurrency_limit: orNull(s.integer()),
  flow_runs: s.defaulted(s.array(FlowRunSlotSummary), () => []),
  flow_run_count: orNull(s.integer()),
});
export type WorkQueueConcurrencyStatusDetail = s.Infer<typeof WorkQueueConcurrencyStatusDetail>;

export const WorkPoolConcurrencyStatus = s.object("WorkPoolConcurrencyStatus", {
  active_slots: s.integer(),
  concurrency_limit: orNull(s.integer()),
  queues: s.defaulted(s.array(WorkQueueConcurrencyStatusDetail), () => []),
  count: s.integer(),
  limit: s.integer(),
  pages: s.integer(),
  page: s.integer(),
});
export type WorkPoolConcurrencyStatus = s.Infer<typeof WorkPoolConcurrencyStatus>;
