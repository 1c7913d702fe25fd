import {
  boolean,
  emptyArray,
  emptyObject,
  falseByDefault,
  identity,
  integer,
  json,
  longText,
  nowByDefault,
  oneOf,
  optional,
  references,
  table,
  text,
  timestamp,
  uuid,
  withDefault,
} from "../table-definition.ts";

export const DEPLOYMENT_STATUSES = ["READY", "NOT_READY"] as const;
export const WORK_POOL_STATUSES = ["READY", "NOT_READY", "PAUSED"] as const;
export const WORK_QUEUE_STATUSES = ["READY", "NOT_READY", "PAUSED"] as const;
export const WORKER_STATUSES = ["ONLINE", "OFFLINE"] as const;

const workQueueId = () => references(uuid(), "work_queue", { onDelete: "SET NULL" });
const blockDocumentId = () => references(uuid(), "block_document", { onDelete: "CASCADE" });

/** How to start a run of a deployment; a version keeps a copy of it. */
const launchColumns = {
  description: optional(longText()),
  tags: emptyArray(),
  labels: optional(json()),
  entrypoint: optional(text()),
  pull_steps: optional(json()),
  parameters: emptyObject(),
  parameter_openapi_schema: optional(json()),
  enforce_parameter_schema: falseByDefault(),
  work_queue_id: optional(workQueueId()),
  work_queue_name: optional(text()),
  infra_overrides: emptyObject(),
};

/** Deployments, pools, queues and workers: at most thousands of rows, so scans need no index. */
export const workTables = {
  deployment: table(
    "deployment",
    {
      ...identity,
      ...launchColumns,
      name: text(),
      flow_id: references(uuid(), "flow", { onDelete: "CASCADE" }),
      version: optional(text()),
      version_id: optional(uuid()),
      path: optional(text()),
      paused: falseByDefault(),
      status: withDefault(oneOf("deployment_status", DEPLOYMENT_STATUSES), "'NOT_READY'"),
      last_polled: optional(timestamp()),
      concurrency_limit: optional(integer()),
      concurrency_limit_id: optional(references(uuid(), "concurrency_limit_v2", { onDelete: "SET NULL" })),
      concurrency_options: optional(json()),
      storage_document_id: optional(blockDocumentId()),
      infrastructure_document_id: optional(blockDocumentId()),
      created_by: optional(json()),
      updated_by: optional(json()),
    },
    { uniqueIndexes: { uq_deployment__flow_id_name: "flow_id, name" } },
  ),

  deployment_schedule: table(
    "deployment_schedule",
    {
      ...identity,
      deployment_id: references(uuid(), "deployment", { onDelete: "CASCADE" }),
      schedule: json(),
      active: boolean(),
      max_scheduled_runs: optional(integer()),
      parameters: emptyObject(),
      slug: optional(text()),
    },
    {
      uniqueIndexes: { ix_deployment_schedule__deployment_id__slug: "deployment_id, slug WHERE slug IS NOT NULL" },
      // Schedules of a deployment, read with every deployment.
      indexes: { ix_deployment_schedule__deployment_id: "deployment_id" },
    },
  ),

  deployment_version: table(
    "deployment_version",
    {
      ...identity,
      ...launchColumns,
      deployment_id: references(uuid(), "deployment", { onDelete: "CASCADE" }),
      branch: optional(text()),
      version_info: emptyObject(),
    },
    { uniqueIndexes: { uq_deployment_version__deployment__branch: "deployment_id, branch" } },
  ),

  work_pool: table(
    "work_pool",
    {
      ...identity,
      name: text(),
      description: optional(text()),
      type: text(),
      base_job_template: emptyObject(),
      is_paused: falseByDefault(),
      concurrency_limit: optional(integer()),
      default_queue_id: optional(references(uuid(), "work_queue", { onDelete: "RESTRICT" })),
      status: withDefault(oneOf("work_pool_status", WORK_POOL_STATUSES), "'NOT_READY'"),
      last_transitioned_status_at: optional(timestamp()),
      last_status_event_id: optional(uuid()),
      storage_configuration: emptyObject(),
    },
    { unique: { uq_work_pool__name: ["name"] } },
  ),

  work_queue: table(
    "work_queue",
    {
      ...identity,
      name: text(),
      filter: optional(json()),
      description: withDefault(text(), "''"),
      is_paused: falseByDefault(),
      concurrency_limit: optional(integer()),
      last_polled: optional(timestamp()),
      priority: withDefault(integer(), "'1'", "1"),
      work_pool_id: references(uuid(), "work_pool", { onDelete: "CASCADE" }),
      status: withDefault(oneOf("work_queue_status", WORK_QUEUE_STATUSES), "'NOT_READY'"),
    },
    { unique: { uq_work_queue__work_pool_id_name: ["work_pool_id", "name"] } },
  ),

  worker: table(
    "worker",
    {
      ...identity,
      name: text(),
      last_heartbeat_time: nowByDefault(),
      work_pool_id: references(uuid(), "work_pool", { onDelete: "CASCADE" }),
      heartbeat_interval_seconds: optional(integer()),
      status: withDefault(oneOf("worker_status", WORKER_STATUSES), "'OFFLINE'"),
    },
    { unique: { uq_worker__work_pool_id_name: ["work_pool_id", "name"] } },
  ),

  agent: table(
    "agent",
    {
      ...identity,
      name: text(),
      last_activity_time: nowByDefault(),
      work_queue_id: references(uuid(), "work_queue", { onDelete: "NO ACTION" }),
    },
    { unique: { uq_agent__name: ["name"] } },
  ),
};
