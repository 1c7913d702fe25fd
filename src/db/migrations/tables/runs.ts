import {
  boolean,
  double,
  emptyArray,
  emptyObject,
  falseByDefault,
  identity,
  integer,
  interval,
  json,
  longText,
  nowByDefault,
  oneOf,
  optional,
  references,
  smallint,
  table,
  text,
  timestamp,
  uuid,
  verbatimJson,
  withDefault,
} from "../table-definition.ts";

export const STATE_TYPES = [
  "SCHEDULED",
  "PENDING",
  "RUNNING",
  "COMPLETED",
  "FAILED",
  "CANCELLED",
  "CRASHED",
  "PAUSED",
  "CANCELLING",
] as const;

// The reference declared the length before it had CANCELLING.
const stateType = () => oneOf("state_type", STATE_TYPES, 9);

/** What flow runs and task runs have in common; a copy of the current state saves a join on every read. */
const runColumns = {
  name: text(),
  state_type: optional(stateType()),
  state_name: optional(text()),
  state_timestamp: optional(timestamp()),
  run_count: withDefault(integer(), "'0'", "0"),
  expected_start_time: optional(timestamp()),
  next_scheduled_start_time: optional(timestamp()),
  start_time: optional(timestamp()),
  end_time: optional(timestamp()),
  // The reference's own default on SQLite is '0', which the reference cannot read; this is how it writes no time.
  total_run_time: withDefault(interval(), "'1970-01-01 00:00:00.000000'", "'00:00:00'"),
  empirical_policy: emptyObject(),
  tags: emptyArray(),
  labels: optional(json()),
};

const stateColumns = {
  type: stateType(),
  timestamp: nowByDefault(),
  name: text(),
  message: optional(text()),
  state_details: emptyObject(),
  data: optional(json()),
  result_artifact_id: optional(references(uuid(), "artifact", { onDelete: "SET NULL" })),
};

export const runTables = {
  flow: table(
    "flow",
    { ...identity, name: text(), tags: emptyArray(), labels: optional(json()) },
    { unique: { uq_flow__name: ["name"] } },
  ),

  flow_run: table(
    "flow_run",
    {
      ...identity,
      ...runColumns,
      flow_id: references(uuid(), "flow", { onDelete: "CASCADE" }),
      flow_version: optional(text()),
      deployment_id: optional(uuid()),
      deployment_version: optional(text()),
      work_queue_id: optional(references(uuid(), "work_queue", { onDelete: "SET NULL" })),
      work_queue_name: optional(text()),
      parent_task_run_id: optional(references(uuid(), "task_run", { onDelete: "SET NULL" })),
      state_id: optional(references(uuid(), "flow_run_state", { onDelete: "SET NULL" })),
      infrastructure_document_id: optional(references(uuid(), "block_document", { onDelete: "CASCADE" })),
      infrastructure_pid: optional(text()),
      job_variables: optional(emptyObject()),
      idempotency_key: optional(text()),
      auto_scheduled: falseByDefault(),
      parameters: emptyObject(),
      context: emptyObject(),
      created_by: optional(json()),
    },
    {
      uniqueIndexes: { uq_flow_run__flow_id_idempotency_key: "flow_id, idempotency_key" },
      indexes: {
        // Run list, newest first, whatever the state (START_TIME_DESC, start_time before_/after_).
        ix_flow_run__coalesce_start_time_expected_start_time_desc: "coalesce(start_time, expected_start_time) DESC",
        // Run list of some states, newest first; counts of active runs.
        ix_flow_run__state_type_coalesce_start_time: "state_type, coalesce(start_time, expected_start_time)",
        // /history and /ui history buckets; EXPECTED_START_TIME_DESC; counts by state, and lists in the order of the start,
        // over an expected range.
        prefect_ts_ix_flow_run__expected:
          "expected_start_time DESC, state_type, coalesce(start_time, expected_start_time), id",
        // Runs of one flow, newest first; those that have started, or were expected in a range; their task runs.
        prefect_ts_ix_flow_run__flow:
          "flow_id, coalesce(start_time, expected_start_time), start_time, expected_start_time, id",
        // The next run of each flow.
        prefect_ts_ix_flow_run__upcoming: "flow_id, next_scheduled_start_time WHERE state_type = 'SCHEDULED'",
        // What is due: dispatcher, late-run marker.
        prefect_ts_ix_flow_run__due: "next_scheduled_start_time WHERE state_type = 'SCHEDULED'",
        // Scheduler (which occurrences exist, deleting future ones) and get_scheduled_flow_runs of served deployments.
        ix_flow_run__scheduler_deployment_id_auto_scheduled_next_schedu:
          "deployment_id, auto_scheduled, next_scheduled_start_time WHERE state_type = 'SCHEDULED'",
        // Run list of one deployment, newest first. Runs without a deployment pay nothing.
        prefect_ts_ix_flow_run__deployment:
          "deployment_id, coalesce(start_time, expected_start_time) WHERE deployment_id IS NOT NULL",
        // get_scheduled_flow_runs of a work queue, its slots in use, its late runs, how many runs it has; its deletion.
        prefect_ts_ix_flow_run__work_queue:
          "work_queue_id, state_type, next_scheduled_start_time, state_name WHERE work_queue_id IS NOT NULL",
        // Subflows of a run (graph, parent filters); deletion of a task run.
        prefect_ts_ix_flow_run__parent: "parent_task_run_id WHERE parent_task_run_id IS NOT NULL",
        // Deletion of a flow run state: without it every deleted state scans all runs.
        ix_flow_run__state_id: "state_id",
        // Deletion of a block document.
        prefect_ts_ix_flow_run__infrastructure:
          "infrastructure_document_id WHERE infrastructure_document_id IS NOT NULL",
      },
    },
  ),

  flow_run_state: table(
    "flow_run_state",
    { ...identity, ...stateColumns, flow_run_id: references(uuid(), "flow_run", { onDelete: "CASCADE" }) },
    {
      uniqueIndexes: { uq_flow_run_state__flow_run_id_timestamp_desc: 'flow_run_id, "timestamp" DESC' },
      indexes: {
        // Deletion of an artifact.
        prefect_ts_ix_flow_run_state__artifact: "result_artifact_id WHERE result_artifact_id IS NOT NULL",
        // The names that states have had.
        ix_flow_run_state__type_name_timestamp: 'type, name, "timestamp"',
      },
    },
  ),

  flow_run_input: table(
    "flow_run_input",
    {
      ...identity,
      flow_run_id: references(uuid(), "flow_run", { onDelete: "CASCADE" }),
      key: text(),
      value: longText(),
      sender: optional(text()),
    },
    { unique: { uq_flow_run_input__flow_run_id_key: ["flow_run_id", "key"] } },
  ),

  task_run: table(
    "task_run",
    {
      ...identity,
      ...runColumns,
      flow_run_id: optional(references(uuid(), "flow_run", { onDelete: "CASCADE" })),
      task_key: text(),
      dynamic_key: text(),
      task_version: optional(text()),
      task_inputs: emptyObject(),
      cache_key: optional(text()),
      cache_expiration: optional(timestamp()),
      flow_run_run_count: withDefault(integer(), "'0'", "0"),
      // No foreign key: an event may name a state that is stored later.
      state_id: optional(uuid()),
    },
    {
      // Also answers "task runs of a flow run".
      uniqueIndexes: { uq_task_run__flow_run_id_task_key_dynamic_key: "flow_run_id, task_key, dynamic_key" },
      indexes: {
        // Counts by state over a time range (dashboard), filters on state and start time.
        ix_task_run__state_type_start_time: "state_type, start_time",
        // Task run list, newest first (EXPECTED_START_TIME_DESC), /history. Written once per run.
        ix_task_run__expected_start_time_desc: "expected_start_time DESC",
        // Counts of the task runs of many flow runs, by state and over a time range.
        prefect_ts_ix_task_run__flow_run: "flow_run_id, start_time, state_type, id WHERE flow_run_id IS NOT NULL",
      },
    },
  ),

  task_run_state: table(
    "task_run_state",
    { ...identity, ...stateColumns, task_run_id: references(uuid(), "task_run", { onDelete: "CASCADE" }) },
    {
      uniqueIndexes: { uq_task_run_state__task_run_id_timestamp_desc: 'task_run_id, "timestamp" DESC' },
      indexes: {
        // Deletion of an artifact.
        prefect_ts_ix_task_run_state__artifact: "result_artifact_id WHERE result_artifact_id IS NOT NULL",
        // The names that states have had.
        ix_task_run_state__type_name_timestamp: 'type, name, "timestamp"',
      },
    },
  ),

  task_run_state_cache: table(
    "task_run_state_cache",
    { ...identity, cache_key: text(), cache_expiration: optional(timestamp()), task_run_state_id: uuid() },
    // Newest entry of a cache key.
    { indexes: { ix_task_run_state_cache__cache_key_created_desc: "cache_key, created DESC" } },
  ),

  artifact: table(
    "artifact",
    {
      ...identity,
      key: optional(text()),
      type: optional(text()),
      data: optional(verbatimJson()),
      metadata_: optional(verbatimJson()),
      task_run_id: optional(uuid()),
      flow_run_id: optional(uuid()),
      description: optional(text()),
    },
    {
      indexes: {
        // Versions of one key, newest first. Results have no key and pay nothing.
        prefect_ts_ix_artifact__key: '"key", created DESC WHERE "key" IS NOT NULL',
        // Artifacts of a run: its page, its graph.
        ix_artifact__flow_run_id: "flow_run_id",
        ix_artifact__task_run_id: "task_run_id",
      },
    },
  ),

  artifact_collection: table(
    "artifact_collection",
    {
      ...identity,
      key: text(),
      latest_id: uuid(),
      task_run_id: optional(uuid()),
      flow_run_id: optional(uuid()),
      type: optional(text()),
      data: optional(verbatimJson()),
      description: optional(text()),
      metadata_: optional(verbatimJson()),
    },
    { unique: { uq_artifact_collection__key: ["key"] } },
  ),

  log: table(
    "log",
    {
      ...identity,
      name: text(),
      level: smallint(),
      flow_run_id: optional(uuid()),
      task_run_id: optional(uuid()),
      message: longText(),
      timestamp: timestamp(),
    },
    {
      indexes: {
        // Logs of one run, in order.
        ix_log__flow_run_id_timestamp: 'flow_run_id, "timestamp"',
        prefect_ts_ix_log__task_run: 'task_run_id, "timestamp" WHERE task_run_id IS NOT NULL',
      },
    },
  ),

  concurrency_limit: table(
    "concurrency_limit",
    { ...identity, tag: text(), concurrency_limit: integer(), active_slots: emptyArray() },
    { uniqueIndexes: { uq_concurrency_limit__tag: "tag" } },
  ),

  concurrency_limit_v2: table(
    "concurrency_limit_v2",
    {
      ...identity,
      active: boolean(),
      name: text(),
      limit: integer(),
      active_slots: integer(),
      denied_slots: integer(),
      slot_decay_per_second: double(),
      avg_slot_occupancy_seconds: double(),
    },
    { unique: { uq_concurrency_limit_v2__name: ["name"] } },
  ),
};
