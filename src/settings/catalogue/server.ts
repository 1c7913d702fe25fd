import { DAY, HOUR, MINUTE } from "../duration.ts";
import { aliased, ours, type SettingsGroup, setting } from "../setting.ts";
import {
  atLeast,
  between,
  duration,
  flag,
  integer,
  logLevel,
  moreThan,
  number,
  optional,
  path,
  secret,
  text,
} from "../value-types.ts";

/** Settings of the server outside every group. */
export const serverRootSettings = {
  logging_level: aliased("PREFECT_LOGGING_SERVER_LEVEL", setting(logLevel, "WARNING", "Log level of server loggers.")),
  analytics_enabled: setting(flag, true, "Usage statistics of the server; this one sends none, whatever is set."),
  metrics_enabled: aliased(
    "PREFECT_API_ENABLE_METRICS",
    setting(flag, false, "Expose Prometheus `/metrics` on the API."),
  ),
  log_retryable_errors: aliased(
    "PREFECT_API_LOG_RETRYABLE_ERRORS",
    setting(flag, false, "Log errors that are answered with 503."),
  ),
  register_blocks_on_start: aliased(
    "PREFECT_API_BLOCKS_REGISTER_ON_START",
    setting(flag, true, "Register the built-in block types at start."),
  ),
  memoize_block_auto_registration: aliased(
    "PREFECT_MEMOIZE_BLOCK_AUTO_REGISTRATION",
    setting(flag, true, "Skip that registration when nothing has changed since the last one."),
  ),
  memo_store_path: aliased(
    "PREFECT_MEMO_STORE_PATH",
    setting(path, "$PREFECT_HOME/memo_store.toml", "File that remembers what was registered."),
  ),
  deployment_schedule_max_scheduled_runs: aliased(
    "PREFECT_DEPLOYMENT_SCHEDULE_MAX_SCHEDULED_RUNS",
    setting(integer, 50, "Upper bound for `max_scheduled_runs` of a schedule."),
  ),
} as const satisfies SettingsGroup;

/** The HTTP server. */
export const serverApiSettings = {
  auth_string: setting(optional(secret), null, "`user:password` every request must carry; unset leaves the API open."),
  host: setting(text, "127.0.0.1", "Address the server listens on."),
  port: setting(integer, 4200, "Port the server listens on."),
  base_path: setting(optional(text), null, "Path of the API instead of `/api`."),
  default_limit: aliased("PREFECT_API_DEFAULT_LIMIT", setting(integer, 200, "Default and largest page size.")),
  keepalive_timeout: setting(integer, 5, "Seconds an idle HTTP connection stays open."),
  csrf_protection_enabled: aliased(
    "PREFECT_SERVER_CSRF_PROTECTION_ENABLED",
    setting(flag, false, "Require a CSRF token on requests that change something."),
  ),
  csrf_token_expiration: aliased(
    "PREFECT_SERVER_CSRF_TOKEN_EXPIRATION",
    setting(duration, HOUR, "Lifetime of a CSRF token."),
  ),
  cors_allowed_origins: aliased(
    "PREFECT_SERVER_CORS_ALLOWED_ORIGINS",
    setting(text, "*", "Origins browsers may call from, separated by commas."),
  ),
  cors_allowed_methods: aliased(
    "PREFECT_SERVER_CORS_ALLOWED_METHODS",
    setting(text, "*", "Methods browsers may use, separated by commas."),
  ),
  cors_allowed_headers: aliased(
    "PREFECT_SERVER_CORS_ALLOWED_HEADERS",
    setting(text, "*", "Headers browsers may send, separated by commas."),
  ),
  tls_cert_file: ours(
    setting(optional(text), null, "Certificate, and those that lead to its authority, to serve HTTPS with (PEM)."),
  ),
  tls_key_file: ours(setting(optional(text), null, "Key of that certificate (PEM).")),
  trusted_hosts: ours(
    setting(text, "*", "Host names requests may be for, separated by commas; `*.example.com` stands for all below it."),
  ),
  trusted_proxies: ours(
    setting(
      text,
      "127.0.0.1, ::1",
      "Addresses or networks of proxies whose `X-Forwarded-*` headers are believed, separated by commas; `*` for all.",
    ),
  ),
  websocket_ping_interval: setting(number, 20, "Seconds between two pings of a WebSocket."),
  websocket_ping_timeout: setting(number, 20, "Seconds to wait for the pong before closing."),
  max_parameter_size: setting(
    atLeast(0, integer),
    524_288,
    "Most bytes of JSON in the parameters of a run; 0 means no bound.",
  ),
} as const satisfies SettingsGroup;

/** Concurrency limits. */
export const serverConcurrencySettings = {
  lease_storage: setting(text, "prefect.server.concurrency.lease_storage.memory", "Where concurrency leases are kept."),
  initial_deployment_lease_duration: setting(
    between(30, 3600, number),
    300,
    "Seconds a pending run keeps its slot when the deployment sets no grace period.",
  ),
  maximum_concurrency_slot_wait_seconds: setting(
    atLeast(0, number),
    30,
    "Longest delay, in seconds, told to callers that wait for a slot.",
  ),
} as const satisfies SettingsGroup;

/** Deployments. */
export const serverDeploymentsSettings = {
  concurrency_slot_wait_seconds: aliased(
    "PREFECT_DEPLOYMENT_CONCURRENCY_SLOT_WAIT_SECONDS",
    setting(atLeast(0, number), 30, "Seconds before a run that found no slot of its deployment tries again."),
  ),
} as const satisfies SettingsGroup;

/** The queue of background work. */
export const serverDocketSettings = {
  name: setting(text, "prefect-server", "Name of the queue of background work."),
  url: setting(text, "memory://", "Address of that queue: `memory://` or a Redis URL."),
} as const satisfies SettingsGroup;

/** The private server of a client. */
export const serverEphemeralSettings = {
  enabled: aliased(
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE",
    setting(flag, false, "Let a client without an API URL start a private server."),
  ),
  startup_timeout_seconds: setting(integer, 20, "Seconds to wait for the private server."),
} as const satisfies SettingsGroup;

/** Events. */
export const serverEventsSettings = {
  stream_out_enabled: aliased(
    "PREFECT_API_EVENTS_STREAM_OUT_ENABLED",
    setting(flag, true, "Serve the stream of events, `/events/out`."),
  ),
  related_resource_cache_ttl: aliased(
    "PREFECT_API_EVENTS_RELATED_RESOURCE_CACHE_TTL",
    setting(duration, 5 * MINUTE, "How long look-ups of related resources are remembered."),
  ),
  maximum_labels_per_resource: aliased(
    "PREFECT_EVENTS_MAXIMUM_LABELS_PER_RESOURCE",
    setting(integer, 500, "Most labels of one resource of an event."),
  ),
  maximum_related_resources: aliased(
    "PREFECT_EVENTS_MAXIMUM_RELATED_RESOURCES",
    setting(integer, 100, "Most related resources of one event."),
  ),
  maximum_size_bytes: aliased(
    "PREFECT_EVENTS_MAXIMUM_SIZE_BYTES",
    setting(integer, 1_500_000, "Largest event in bytes."),
  ),
  expired_bucket_buffer: aliased(
    "PREFECT_EVENTS_EXPIRED_BUCKET_BUFFER",
    setting(duration, MINUTE, "How long closed trigger buckets are kept."),
  ),
  proactive_granularity: aliased(
    "PREFECT_EVENTS_PROACTIVE_GRANULARITY",
    setting(duration, 5, "How often proactive triggers are looked at."),
  ),
  retention_period: aliased("PREFECT_EVENTS_RETENTION_PERIOD", setting(duration, 7 * DAY, "How long events are kept.")),
  maximum_websocket_backfill: aliased(
    "PREFECT_EVENTS_MAXIMUM_WEBSOCKET_BACKFILL",
    setting(duration, 15 * MINUTE, "How far back a new event stream may reach."),
  ),
  websocket_backfill_page_size: aliased(
    "PREFECT_EVENTS_WEBSOCKET_BACKFILL_PAGE_SIZE",
    setting(moreThan(0, integer), 250, "Events read at once for that."),
  ),
  messaging_broker: aliased(
    "PREFECT_MESSAGING_BROKER",
    setting(text, "prefect.server.utilities.messaging.memory", "Module that carries messages between services."),
  ),
  messaging_cache: aliased(
    "PREFECT_MESSAGING_CACHE",
    setting(text, "prefect.server.utilities.messaging.memory", "Module that remembers which messages were seen."),
  ),
  causal_ordering: setting(text, "prefect.server.events.ordering.memory", "Module that puts events into causal order."),
  maximum_event_name_length: setting(moreThan(0, integer), 1024, "Longest name of an event in characters."),
} as const satisfies SettingsGroup;

/** The graph of a flow run. */
export const serverFlowRunGraphSettings = {
  max_nodes: aliased(
    "PREFECT_API_MAX_FLOW_RUN_GRAPH_NODES",
    setting(integer, 10_000, "Most nodes in the graph of a flow run."),
  ),
  max_artifacts: aliased(
    "PREFECT_API_MAX_FLOW_RUN_GRAPH_ARTIFACTS",
    setting(integer, 10_000, "Most artifacts in the graph of a flow run."),
  ),
} as const satisfies SettingsGroup;

/** The stream of logs. */
export const serverLogsSettings = {
  stream_out_enabled: setting(flag, false, "Serve the stream of logs, `/logs/out`."),
  stream_publishing_enabled: setting(flag, false, "Publish written logs to that stream."),
} as const satisfies SettingsGroup;

/** Task runs. */
export const serverTasksSettings = {
  tag_concurrency_slot_wait_seconds: aliased(
    "PREFECT_TASK_RUN_TAG_CONCURRENCY_SLOT_WAIT_SECONDS",
    setting(atLeast(0, number), 10, "Seconds before a task run that found no slot of its tag tries again."),
  ),
  max_cache_key_length: aliased(
    "PREFECT_API_TASK_CACHE_KEY_MAX_LENGTH",
    setting(integer, 2000, "Longest cache key of a task run in characters."),
  ),
  scheduling: {
    max_scheduled_queue_size: aliased(
      "PREFECT_TASK_SCHEDULING_MAX_SCHEDULED_QUEUE_SIZE",
      setting(integer, 1000, "Most background tasks in the queue."),
    ),
    max_retry_queue_size: aliased(
      "PREFECT_TASK_SCHEDULING_MAX_RETRY_QUEUE_SIZE",
      setting(integer, 100, "Most background tasks waiting to be retried."),
    ),
    pending_task_timeout: aliased(
      "PREFECT_TASK_SCHEDULING_PENDING_TASK_TIMEOUT",
      setting(duration, 0, "When pending background tasks are offered again; zero means never."),
    ),
  },
} as const satisfies SettingsGroup;

/** How long what has happened is kept; for events see `server.events`. */
export const serverRetentionSettings = {
  flow_runs: ours(
    setting(
      atLeast(0, duration),
      365 * DAY,
      "How long runs are kept after their end, with their logs and artifacts; 0 means for ever.",
    ),
  ),
  logs: ours(setting(atLeast(0, duration), 365 * DAY, "How long logs are kept at most; 0 means as long as their run.")),
  artifacts: ours(
    setting(
      atLeast(0, duration),
      365 * DAY,
      "How long artifacts with a key are kept when a newer one has the same key; 0 means as long as their run.",
    ),
  ),
} as const satisfies SettingsGroup;

/** The pages. */
export const serverUiSettings = {
  enabled: aliased("PREFECT_UI_ENABLED", setting(flag, true, "Serve the pages.")),
  v2_enabled: setting(flag, true, "Serve the second generation of the pages by default."),
  api_url: aliased(
    "PREFECT_UI_API_URL",
    setting(
      optional(text),
      null,
      "API URL the pages use; follows from the API URL, or from host and port, when unset.",
    ),
  ),
  serve_base: aliased("PREFECT_UI_SERVE_BASE", setting(text, "/", "Path the pages are served from.")),
  static_directory: aliased(
    "PREFECT_UI_STATIC_DIRECTORY",
    setting(optional(text), null, "Directory the pages are copied to before they are served."),
  ),
  show_promotional_content: setting(flag, true, "Show banners in the pages."),
} as const satisfies SettingsGroup;

/** The channel to workers. */
export const serverWorkerChannelSettings = {
  cleanup_queue_storage: setting(
    text,
    "prefect.server.worker_communication.cleanup_queue.memory",
    "Module that keeps the messages for cleaning up after workers.",
  ),
  cleanup_lease_seconds: setting(moreThan(0, number), 30, "Seconds such a message is reserved for one worker."),
  cleanup_max_delivery_attempts: setting(
    atLeast(1, integer),
    3,
    "How often such a message is delivered before it is given up.",
  ),
  cleanup_completed_idempotency_retention_seconds: setting(
    optional(atLeast(0, number)),
    null,
    "Seconds a completed message is remembered; unset means as long as the server runs.",
  ),
} as const satisfies SettingsGroup;

/** The email that automations send. */
export const serverSmtpSettings = {
  allow_private_hosts: ours(
    setting(flag, false, "Let automations send email through SMTP servers inside private networks, too."),
  ),
} as const satisfies SettingsGroup;
