import { aliased, type SettingsGroup, setting } from "../setting.ts";
import {
  anything,
  atLeast,
  flag,
  headers,
  integer,
  names,
  number,
  optional,
  path,
  secret,
  statusCodes,
  text,
} from "../value-types.ts";

/** Settings outside every group. */
export const rootSettings = {
  home: setting(
    path,
    "~/.prefect",
    "Directory of profiles, the SQLite database and local results; created on first use.",
  ),
  profiles_path: setting(path, "$PREFECT_HOME/profiles.toml", "The profiles file."),
  debug_mode: setting(flag, false, "Forces the Prefect and internal log levels to DEBUG."),
  ui_url: setting(optional(text), null, "Address used for links to the pages; follows from the API URL when unset."),
  silence_api_url_misconfiguration: setting(flag, false, "Do not warn about an API URL that looks wrong."),
} as const satisfies SettingsGroup;

/** How to reach the API. */
export const apiSettings = {
  url: setting(optional(text), null, "Root of the API, including `/api`; unset means no server is configured."),
  auth_string: setting(optional(secret), null, "`user:password` sent for Basic authentication; wins over the key."),
  key: setting(optional(secret), null, "Bearer token sent with every request."),
  tls_insecure_skip_verify: setting(flag, false, "Accept any TLS certificate of the API."),
  ssl_cert_file: setting(
    optional(text),
    null,
    "Certificate authority file for the API; the variable SSL_CERT_FILE is its default.",
  ),
  enable_http2: setting(flag, false, "Allow HTTP/2 towards the API."),
  request_timeout: setting(number, 60, "Seconds one request may take."),
} as const satisfies SettingsGroup;

/** The command line. */
export const cliSettings = {
  colors: setting(flag, true, "Colours in the output of the command line."),
  prompt: setting(
    optional(flag),
    null,
    "Ask questions: true always, false never, unset when standard output is a terminal.",
  ),
  wrap_lines: setting(flag, true, "Wrap long lines of output."),
} as const satisfies SettingsGroup;

/** The HTTP client. */
export const clientSettings = {
  max_retries: setting(atLeast(0, integer), 5, "How often a failed request is sent again; 0 disables retries."),
  retry_jitter_factor: setting(atLeast(0, number), 0.2, "Random spread of the waits between retries; 0 disables it."),
  retry_extra_codes: setting(statusCodes, [], "Further HTTP status codes to retry, separated by commas."),
  csrf_support_enabled: setting(flag, true, "Obtain a CSRF token and send it with requests that change something."),
  custom_headers: setting(
    headers,
    {},
    "JSON object of headers added to every request; User-Agent and CSRF headers cannot be replaced.",
  ),
  server_version_check_enabled: setting(flag, true, "Compare the version of the server with our own once per client."),
  metrics: {
    enabled: aliased(
      "PREFECT_CLIENT_ENABLE_METRICS",
      setting(flag, false, "Serve Prometheus metrics from workers, runners and task workers."),
    ),
    port: setting(integer, 4201, "Port of those metrics."),
  },
} as const satisfies SettingsGroup;

/** Prefect Cloud. */
export const cloudSettings = {
  api_url: setting(text, "https://api.prefect.cloud/api", "Prefix that marks a Cloud connection."),
  enable_orchestration_telemetry: setting(flag, true, "Create spans for runs and carry their trace parent in labels."),
  max_log_size: setting(integer, 25_000, "Longest log message, in characters, when connected to Prefect Cloud."),
  ui_url: setting(
    optional(text),
    null,
    "Address of the Prefect Cloud pages; follows from the Cloud API URL when unset.",
  ),
} as const satisfies SettingsGroup;

/** Deploying. */
export const deploymentsSettings = {
  clear_schedules_on_empty: setting(
    flag,
    false,
    "Deploying with an empty list of schedules deletes the existing ones.",
  ),
  default_work_pool_name: aliased(
    "PREFECT_DEFAULT_WORK_POOL_NAME",
    setting(optional(text), null, "Work pool of deployments that name none."),
  ),
  default_docker_build_namespace: aliased(
    "PREFECT_DEFAULT_DOCKER_BUILD_NAMESPACE",
    setting(optional(text), null, "Registry or namespace put before image names that have none."),
  ),
} as const satisfies SettingsGroup;

/** Sending events. */
export const eventsSettings = {
  worker_max_queue_size: setting(
    atLeast(0, integer),
    0,
    "Most events waiting to be sent; when full, new ones are dropped with a warning; 0 means no bound.",
  ),
} as const satisfies SettingsGroup;

/** Experimental features. */
export const experimentsSettings = {
  warn: aliased("PREFECT_EXPERIMENTAL_WARN", setting(flag, true, "Warn when an experimental feature is used.")),
} as const satisfies SettingsGroup;

/** Plugins. */
export const pluginsSettings = {
  enabled: aliased(
    "PREFECT_EXPERIMENTS_PLUGINS_ENABLED",
    setting(flag, false, "Run the start-up hooks of installed plugins."),
  ),
  allow: aliased(
    "PREFECT_EXPERIMENTS_PLUGINS_ALLOW",
    setting(names, [], "Names of the only plugins to load, separated by commas."),
  ),
  deny: aliased(
    "PREFECT_EXPERIMENTS_PLUGINS_DENY",
    setting(names, [], "Names of plugins not to load, separated by commas."),
  ),
  setup_timeout_seconds: aliased(
    "PREFECT_EXPERIMENTS_PLUGINS_SETUP_TIMEOUT_SECONDS",
    setting(number, 20, "Seconds all start-up hooks together may take."),
  ),
  strict: aliased(
    "PREFECT_EXPERIMENTS_PLUGINS_STRICT",
    setting(flag, false, "A failing required plugin ends the process."),
  ),
  safe_mode: aliased(
    "PREFECT_EXPERIMENTS_PLUGINS_SAFE_MODE",
    setting(flag, false, "Load plugins but do not run their hooks."),
  ),
} as const satisfies SettingsGroup;

/** Measurements of run processes. */
export const telemetrySettings = {
  enable_resource_metrics: setting(flag, true, "Measure CPU and memory of the process of a run."),
  resource_metrics_interval_seconds: setting(atLeast(1, integer), 10, "Seconds between two such measurements."),
} as const satisfies SettingsGroup;

/** Tests. */
export const testingSettings = {
  test_mode: aliased(
    "PREFECT_TEST_MODE",
    setting(flag, false, "Ignore profiles and let errors of the command line through."),
  ),
  unit_test_mode: aliased("PREFECT_UNIT_TEST_MODE", setting(flag, false, "Set while unit tests run.")),
  unit_test_loop_debug: aliased(
    "PREFECT_UNIT_TEST_LOOP_DEBUG",
    setting(flag, true, "Debug mode of the event loop of unit tests."),
  ),
  test_setting: aliased("PREFECT_TEST_SETTING", setting(anything, "FOO", "A setting for tests of settings.")),
} as const satisfies SettingsGroup;
