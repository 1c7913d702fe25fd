import {
  emptyArray,
  falseByDefault,
  identity,
  integer,
  longText,
  optional,
  table,
  text,
  timestamp,
  uuid,
  verbatimJson,
} from "../table-definition.ts";

/**
 * Tables of ours beside the reference's. They have no foreign keys, so that the reference's own migrations can drop
 * what they point to.
 */
export const ownTables = {
  /** One holder's claim to slots, to be renewed before it expires. `limit_ids`: the concurrency limits it takes slots of. */
  prefect_ts_lease: table(
    "prefect_ts_lease",
    {
      ...identity,
      limit_ids: emptyArray(),
      /** Slots taken of each limit. */
      slots: integer(),
      holder_type: optional(text()),
      holder_id: optional(uuid()),
      expires: timestamp(),
    },
    {
      indexes: {
        // What has expired.
        prefect_ts_ix_lease__expires: "expires",
        // What a run holds. The leases of one limit are found by looking at all of them: they are few.
        prefect_ts_ix_lease__holder: "holder_id WHERE holder_id IS NOT NULL",
      },
    },
  ),

  /** A task run that waits for somebody who serves its task key. `id`: the task run's. */
  prefect_ts_background_task: table(
    "prefect_ts_background_task",
    {
      ...identity,
      task_key: text(),
      is_retry: falseByDefault(),
      /** Nobody else is given it before: later than now while it is on its way to a task worker. */
      available: timestamp(),
    },
    // What may be handed out to those who serve a key.
    { indexes: { prefect_ts_ix_background_task__task_key: "task_key, available" } },
  ),

  /** Who serves task keys at the moment; rows of those who have gone without a word are older than the others. */
  prefect_ts_task_worker: table(
    "prefect_ts_task_worker",
    { ...identity, identifier: text(), task_keys: emptyArray(), seen: timestamp() },
    { unique: { uq_prefect_ts_task_worker__identifier: ["identifier"] } },
  ),

  /** An event that automations have yet to look at. `id`: the event's. */
  prefect_ts_trigger_queue: table(
    "prefect_ts_trigger_queue",
    {
      ...identity,
      occurred: timestamp(),
      follows: optional(uuid()),
      /** Nobody looks at it before: later than now while the event that it follows is awaited. */
      available: timestamp(),
    },
    // What to look at next.
    { indexes: { prefect_ts_ix_trigger_queue__occurred: "occurred, id" } },
  ),

  /** An action that an automation wants done. `id`: the triggered action's. */
  prefect_ts_action_queue: table(
    "prefect_ts_action_queue",
    {
      ...identity,
      automation_id: uuid(),
      /** The whole of it, as the reference passes it on. */
      triggered_action: verbatimJson(),
      /** Nobody else takes it before: later than now while somebody does it. */
      available: timestamp(),
      /** How often it has been taken. */
      attempts: integer(),
    },
    // What to do next.
    { indexes: { prefect_ts_ix_action_queue__available: "available, id" } },
  ),

  /** An address that turns a call into an event. */
  prefect_ts_webhook: table(
    "prefect_ts_webhook",
    {
      ...identity,
      name: text(),
      description: text(),
      enabled: falseByDefault(),
      template: longText(),
      /** The last part of the address, which nobody can guess. */
      slug: text(),
      /** SHA-256 of what a caller has to bring along; null when the address is enough. */
      secret_hash: optional(text()),
    },
    { unique: { uq_prefect_ts_webhook__slug: ["slug"] } },
  ),

  /**
   * A flow run whose process sends heartbeats: when it has sent none until `expires`, it is dead. `id`: the flow run's.
   * Runs of clients that send none have no lease.
   */
  prefect_ts_run_lease: table(
    "prefect_ts_run_lease",
    {
      ...identity,
      /** The attempt that the heartbeats are of. */
      run_count: integer(),
      last_heartbeat: timestamp(),
      expires: timestamp(),
    },
    // What has expired.
    { indexes: { prefect_ts_ix_run_lease__expires: "expires" } },
  ),

  /** When a service was last at work, on whichever server: long ago means that no server was up. */
  prefect_ts_service_pass: table(
    "prefect_ts_service_pass",
    { ...identity, service: text(), passed: timestamp() },
    { unique: { uq_prefect_ts_service_pass__service: ["service"] } },
  ),

  /** Something a worker of a pool has to clean up after a run. `id`: the message's. */
  prefect_ts_worker_cleanup: table(
    "prefect_ts_worker_cleanup",
    {
      ...identity,
      /** What is asked for a second time is not done a second time. */
      idempotency_key: text(),
      work_pool_id: uuid(),
      /** Whose workers are asked first. */
      work_queue_id: optional(uuid()),
      kind: text(),
      target: verbatimJson(),
      data: verbatimJson(),
      /** How often it has been handed out. */
      delivery_count: integer(),
      /** What its holder proves itself with; null, with the next two, while nobody has it. */
      reservation_token: optional(text()),
      reserved_by: optional(uuid()),
      lease_expires: optional(timestamp()),
      /** When it was done or given up; `failure` then says why. */
      finished: optional(timestamp()),
      failure: optional(text()),
    },
    {
      unique: { uq_prefect_ts_worker_cleanup__work_pool_id_idempotency_key: ["work_pool_id", "idempotency_key"] },
      indexes: {
        // What is to be done in a pool.
        prefect_ts_ix_worker_cleanup__work_pool_id: "work_pool_id, created WHERE finished IS NULL",
        // What may be forgotten.
        prefect_ts_ix_worker_cleanup__finished: "finished WHERE finished IS NOT NULL",
      },
    },
  ),

  /**
   * How many rows of a subject lie in one hour: all of them under the label "", those of each label under it. Only hours
   * that are long over are counted, and a count holds as long as `prefect_ts_stale_hour` does not name its hour.
   */
  prefect_ts_hour_count: table(
    "prefect_ts_hour_count",
    { subject: text(), label: text(), hour: integer(), number: integer() },
    { primaryKey: { name: "pk_prefect_ts_hour_count", column: "subject, label, hour" } },
  ),

  /** Hours, since 1970, in which rows of a subject have changed since they were counted. */
  prefect_ts_stale_hour: table("prefect_ts_stale_hour", { ...identity, subject: text(), hour: integer() }),
};
