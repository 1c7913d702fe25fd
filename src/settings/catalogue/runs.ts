import { aliased, type SettingsGroup, setting } from "../setting.ts";
import {
  atLeast,
  flag,
  integer,
  logLevel,
  moreThan,
  nameList,
  number,
  oneOf,
  optional,
  path,
  retryDelays,
  text,
} from "../value-types.ts";

/** Defaults of flows. */
export const flowsSettings = {
  heartbeat_frequency: aliased(
    "PREFECT_RUNNER_HEARTBEAT_FREQUENCY",
    setting(optional(atLeast(30, integer)), 180, "Seconds between heartbeats of a flow run."),
  ),
  default_retries: aliased(
    "PREFECT_FLOW_DEFAULT_RETRIES",
    setting(atLeast(0, integer), 0, "Retries of flows that set none."),
  ),
  default_retry_delay_seconds: aliased(
    "PREFECT_FLOW_DEFAULT_RETRY_DELAY_SECONDS",
    setting(retryDelays, 0, "Seconds between retries of flows that set none."),
  ),
} as const satisfies SettingsGroup;

/** Defaults of tasks. */
export const tasksSettings = {
  refresh_cache: setting(flag, false, "Run tasks again and overwrite their cached results."),
  default_no_cache: setting(flag, false, "Cache nothing for tasks that set no cache policy."),
  disable_caching: setting(flag, false, "Cache nothing, whatever the task says."),
  default_retries: aliased(
    "PREFECT_TASK_DEFAULT_RETRIES",
    setting(atLeast(0, integer), 0, "Retries of tasks that set none."),
  ),
  default_retry_delay_seconds: aliased(
    "PREFECT_TASK_DEFAULT_RETRY_DELAY_SECONDS",
    setting(
      optional(retryDelays),
      0,
      "Seconds between retries of tasks that set none: one number, or several separated by commas.",
    ),
  ),
  default_persist_result: setting(
    optional(flag),
    null,
    "Whether results of all tasks are persisted; unset leaves it to flow and task.",
  ),
  runner: {
    thread_pool_max_workers: aliased(
      "PREFECT_TASK_RUNNER_THREAD_POOL_MAX_WORKERS",
      setting(optional(moreThan(0, integer)), null, "Most tasks at once in one process; unset means no bound."),
    ),
    process_pool_max_workers: setting(
      optional(moreThan(0, integer)),
      null,
      "Most processes for tasks; unset means one per CPU.",
    ),
  },
  scheduling: {
    default_storage_block: aliased(
      "PREFECT_TASK_SCHEDULING_DEFAULT_STORAGE_BLOCK",
      setting(optional(text), null, "`type/name` of the block that keeps the parameters of background tasks."),
    ),
    delete_failed_submissions: aliased(
      "PREFECT_TASK_SCHEDULING_DELETE_FAILED_SUBMISSIONS",
      setting(flag, true, "Delete the runs of background tasks that could not be started."),
    ),
  },
} as const satisfies SettingsGroup;

/** Where results go. */
export const resultsSettings = {
  default_serializer: setting(text, "pickle", "Format of results that name none."),
  persist_by_default: setting(flag, false, "Persist results unless a flow or task says otherwise."),
  default_storage_block: aliased(
    "PREFECT_DEFAULT_RESULT_STORAGE_BLOCK",
    setting(
      optional(text),
      null,
      "`type/name` of the block that stores results; setting it also switches persistence on.",
    ),
  ),
  local_storage_path: aliased(
    "PREFECT_LOCAL_STORAGE_PATH",
    setting(path, "$PREFECT_HOME/storage", "Directory of results stored locally."),
  ),
} as const satisfies SettingsGroup;

/** The machinery. */
export const internalSettings = {
  logging_level: aliased(
    "PREFECT_LOGGING_INTERNAL_LEVEL",
    setting(logLevel, "ERROR", "Level of loggers inside the machinery."),
  ),
} as const satisfies SettingsGroup;

/** Logs. */
export const loggingSettings = {
  level: setting(logLevel, "INFO", "Level of Prefect loggers."),
  config_path: aliased(
    "PREFECT_LOGGING_SETTINGS_PATH",
    setting(path, "$PREFECT_HOME/logging.yml", "Logging configuration file."),
  ),
  extra_loggers: setting(nameList, [], "Names of other loggers to forward, separated by commas."),
  log_prints: setting(flag, false, "Turn what flows and tasks print into logs, unless they say otherwise."),
  colors: setting(flag, true, "Coloured console logs."),
  markup: setting(flag, false, "Interpret `[bold]`-style markup in messages."),
  to_api: {
    enabled: setting(flag, true, "Send the logs of runs to the API."),
    batch_interval: setting(number, 2, "Seconds between two batches of logs."),
    batch_size: setting(integer, 4_000_000, "Largest batch of logs in bytes."),
    max_log_size: setting(integer, 1_000_000, "Largest log message; longer ones are cut."),
    when_missing_flow: setting(
      oneOf("warn", "error", "ignore"),
      "warn",
      "What to do with a log that belongs to no run.",
    ),
  },
} as const satisfies SettingsGroup;

/** Serving flows from a process. */
export const runnerSettings = {
  process_limit: setting(integer, 5, "Most runs at once in one serving process."),
  poll_frequency: setting(integer, 10, "Seconds between two looks for scheduled runs."),
  crash_on_cancellation_failure: setting(
    flag,
    false,
    "Stop, and crash the runs, when cancellations can no longer be observed.",
  ),
  auto_install_dependencies: setting(flag, false, "Prepare the dependencies of a project before its run."),
  server: {
    enable: setting(flag, false, "Serve the web endpoints of a runner."),
    host: setting(text, "localhost", "Address the runner listens on."),
    port: setting(integer, 8080, "Port the runner listens on."),
    log_level: setting(logLevel, "ERROR", "Log level of the web endpoints of a runner."),
    missed_polls_tolerance: setting(integer, 2, "Polls a runner may miss before its health check answers 503."),
  },
} as const satisfies SettingsGroup;

/** Workers. */
export const workerSettings = {
  debug_mode: setting(flag, false, "Debug logs of the worker itself, not of its runs."),
  heartbeat_seconds: setting(number, 30, "Seconds between two heartbeats of a worker."),
  query_seconds: setting(number, 10, "Seconds between two looks for scheduled runs."),
  prefetch_seconds: setting(number, 10, "How many seconds ahead of its time a run may be fetched."),
  enable_cancellation: setting(flag, false, "Remove the infrastructure of runs cancelled before they start."),
  cancellation_poll_seconds: setting(
    number,
    120,
    "Seconds between two looks for cancelled runs when the stream of events is not available.",
  ),
  webserver: {
    host: setting(text, "0.0.0.0", "Address of the health check of a worker."),
    port: setting(integer, 8080, "Port of the health check of a worker."),
  },
} as const satisfies SettingsGroup;
