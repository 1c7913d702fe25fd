import { DAY, HOUR } from "../duration.ts";
import { aliased, ours, type SettingsGroup, setting } from "../setting.ts";
import { duration, durationsByName, flag, integer, moreThan, number, vacuumKinds } from "../value-types.ts";

/** The background services of the server. */
export const serverServicesSettings = {
  cancellation_cleanup: {
    enabled: aliased(
      "PREFECT_API_SERVICES_CANCELLATION_CLEANUP_ENABLED",
      setting(flag, true, "Run the service that cancels what is left below cancelled runs."),
    ),
    loop_seconds: aliased(
      "PREFECT_API_SERVICES_CANCELLATION_CLEANUP_LOOP_SECONDS",
      setting(number, 20, "Seconds between two passes of the service that cancels what is left below cancelled runs."),
    ),
    cancelling_timeout_seconds: setting(
      moreThan(0, number),
      300,
      "Seconds a run may stay cancelling before it is cancelled for good.",
    ),
  },
  db_vacuum: {
    enabled: setting(
      vacuumKinds,
      ["events"],
      "Which rows are deleted when old: `events`, `flow_runs`, `orphans`; true means all, false events only.",
    ),
    loop_seconds: setting(
      moreThan(0, number),
      3600,
      "Seconds between two passes of the service that deletes old rows.",
    ),
    orphan_cleanup_loop_seconds: setting(
      moreThan(0, number),
      86_400,
      "Seconds between two searches for orphaned logs and artifacts.",
    ),
    retention_period: setting(moreThan(3600, duration), 90 * DAY, "Age at which finished flow runs are deleted."),
    batch_size: setting(moreThan(0, integer), 200, "Rows deleted at once."),
    event_retention_overrides: setting(
      durationsByName,
      { "prefect.flow-run.heartbeat": 7 * DAY },
      "JSON object of event name to how long such events are kept.",
    ),
  },
  event_persister: {
    enabled: aliased(
      "PREFECT_API_SERVICES_EVENT_PERSISTER_ENABLED",
      setting(flag, true, "Run the service that stores events, which this server always does."),
    ),
    batch_size: aliased(
      "PREFECT_API_SERVICES_EVENT_PERSISTER_BATCH_SIZE",
      setting(moreThan(0, integer), 20, "Events inserted at once."),
    ),
    read_batch_size: aliased(
      "PREFECT_API_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE",
      setting(moreThan(0, integer), 1, "Events read from the broker at once."),
    ),
    flush_interval: aliased(
      "PREFECT_API_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL",
      setting(moreThan(0, number), 5, "Most seconds between two inserts of events."),
    ),
    queue_max_size: setting(moreThan(0, integer), 50_000, "Most events waiting in memory."),
    max_flush_retries: setting(moreThan(0, integer), 5, "Failed inserts before events are dropped."),
  },
  event_logger: {
    enabled: aliased(
      "PREFECT_API_SERVICES_EVENT_LOGGER_ENABLED",
      setting(flag, false, "Log every event at level INFO."),
    ),
  },
  foreman: {
    enabled: aliased(
      "PREFECT_API_SERVICES_FOREMAN_ENABLED",
      setting(flag, true, "Run the service that watches workers, queues and deployments."),
    ),
    loop_seconds: aliased(
      "PREFECT_API_SERVICES_FOREMAN_LOOP_SECONDS",
      setting(number, 15, "Seconds between two passes of the service that watches workers, queues and deployments."),
    ),
    inactivity_heartbeat_multiple: aliased(
      "PREFECT_API_SERVICES_FOREMAN_INACTIVITY_HEARTBEAT_MULTIPLE",
      setting(integer, 3, "Missed heartbeats after which a worker counts as offline."),
    ),
    fallback_heartbeat_interval_seconds: aliased(
      "PREFECT_API_SERVICES_FOREMAN_FALLBACK_HEARTBEAT_INTERVAL_SECONDS",
      setting(integer, 30, "Seconds between heartbeats of workers that do not tell."),
    ),
    deployment_last_polled_timeout_seconds: aliased(
      "PREFECT_API_SERVICES_FOREMAN_DEPLOYMENT_LAST_POLLED_TIMEOUT_SECONDS",
      setting(integer, 60, "Seconds without a poll after which a deployment is not ready."),
    ),
    work_queue_last_polled_timeout_seconds: aliased(
      "PREFECT_API_SERVICES_FOREMAN_WORK_QUEUE_LAST_POLLED_TIMEOUT_SECONDS",
      setting(integer, 60, "Seconds without a poll after which a work queue is not ready."),
    ),
  },
  late_runs: {
    enabled: aliased(
      "PREFECT_API_SERVICES_LATE_RUNS_ENABLED",
      setting(flag, true, "Run the service that marks late runs."),
    ),
    loop_seconds: aliased(
      "PREFECT_API_SERVICES_LATE_RUNS_LOOP_SECONDS",
      setting(number, 5, "Seconds between two passes of the service that marks late runs."),
    ),
    after_seconds: aliased(
      "PREFECT_API_SERVICES_LATE_RUNS_AFTER_SECONDS",
      setting(duration, 15, "How late a run must be to be marked Late."),
    ),
  },
  scheduler: {
    enabled: aliased(
      "PREFECT_API_SERVICES_SCHEDULER_ENABLED",
      setting(flag, true, "Run the service that creates the runs of schedules."),
    ),
    loop_seconds: aliased(
      "PREFECT_API_SERVICES_SCHEDULER_LOOP_SECONDS",
      setting(number, 60, "Seconds between two passes of the service that creates the runs of schedules."),
    ),
    deployment_batch_size: aliased(
      "PREFECT_API_SERVICES_SCHEDULER_DEPLOYMENT_BATCH_SIZE",
      setting(integer, 100, "Deployments scheduled at once."),
    ),
    max_runs: aliased(
      "PREFECT_API_SERVICES_SCHEDULER_MAX_RUNS",
      setting(integer, 100, "Most future runs per schedule."),
    ),
    min_runs: aliased(
      "PREFECT_API_SERVICES_SCHEDULER_MIN_RUNS",
      setting(integer, 3, "Fewest future runs per schedule."),
    ),
    max_scheduled_time: aliased(
      "PREFECT_API_SERVICES_SCHEDULER_MAX_SCHEDULED_TIME",
      setting(duration, 100 * DAY, "How far ahead runs are scheduled at most."),
    ),
    min_scheduled_time: aliased(
      "PREFECT_API_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME",
      setting(duration, HOUR, "How far ahead runs are scheduled at least."),
    ),
    insert_batch_size: aliased(
      "PREFECT_API_SERVICES_SCHEDULER_INSERT_BATCH_SIZE",
      setting(integer, 500, "Runs inserted at once."),
    ),
    recent_deployments_loop_seconds: setting(number, 5, "Seconds between two looks for deployments just changed."),
  },
  pause_expirations: {
    enabled: aliased(
      "PREFECT_API_SERVICES_PAUSE_EXPIRATIONS_ENABLED",
      setting(flag, true, "Run the service that fails runs paused for too long."),
    ),
    loop_seconds: aliased(
      "PREFECT_API_SERVICES_PAUSE_EXPIRATIONS_LOOP_SECONDS",
      setting(number, 5, "Seconds between two passes of the service that fails runs paused for too long."),
    ),
  },
  repossessor: {
    enabled: setting(flag, true, "Run the service that takes back expired concurrency leases."),
    loop_seconds: setting(
      number,
      15,
      "Seconds between two passes of the service that takes back expired concurrency leases.",
    ),
  },
  run_leases: {
    enabled: ours(setting(flag, true, "Run the service that crashes runs whose process has died.")),
    loop_seconds: ours(
      setting(moreThan(0, number), 10, "Seconds between two passes of the service that crashes dead runs."),
    ),
    lease_seconds: ours(
      setting(
        moreThan(0, number),
        600,
        "Seconds without a heartbeat after which a run's process is dead: three heartbeats of 180 s, and a minute more.",
      ),
    ),
  },
  cleanup_reconciler: {
    enabled: setting(flag, true, "Run the service that takes back expired cleanup messages."),
    loop_seconds: setting(
      moreThan(0, number),
      5,
      "Seconds between two passes of the service that takes back expired cleanup messages.",
    ),
    batch_size: setting(moreThan(0, integer), 100, "Messages handled at once."),
  },
  task_run_recorder: {
    enabled: aliased(
      "PREFECT_API_SERVICES_TASK_RUN_RECORDER_ENABLED",
      setting(flag, true, "Run the service that turns events into task runs, which this server always does."),
    ),
    read_batch_size: setting(moreThan(0, integer), 1, "Events read from the broker at once."),
    batch_size: setting(moreThan(0, integer), 1, "Task runs written at once."),
    flush_interval: setting(moreThan(0, number), 5, "Most seconds between two writes of task runs."),
  },
  triggers: {
    enabled: aliased(
      "PREFECT_API_SERVICES_TRIGGERS_ENABLED",
      setting(flag, true, "Run the service that evaluates automations."),
    ),
    read_batch_size: setting(moreThan(0, integer), 1, "Events read from the broker at once."),
    pg_notify_reconnect_interval_seconds: setting(integer, 10, "Seconds before LISTEN reconnects after an error."),
    pg_notify_heartbeat_interval_seconds: setting(integer, 5, "Seconds between two checks of the LISTEN connection."),
  },
} as const satisfies SettingsGroup;
