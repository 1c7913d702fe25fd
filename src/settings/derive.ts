import type { Settings } from "./catalogue.ts";
import { databaseUrl } from "./database-url.ts";
import { expandPath } from "./expand-path.ts";
import { Secret } from "./secret.ts";

/** What derived settings depend on besides the other settings. */
export interface Surroundings {
  readonly homeDir: string;
  /** The profiles file that was read. */
  readonly profilesPath: string;
  /** The variable SSL_CERT_FILE. */
  readonly sslCertFile: string | undefined;
}

/** Fills in what follows from other settings: paths below the home directory, URLs, log levels, the database. */
export function deriveSettings(settings: Settings, surroundings: Surroundings): Settings {
  const { homeDir, profilesPath, sslCertFile } = surroundings;
  const home = expandPath(settings.home, { homeDir });
  const inHome = (path: string) => expandPath(path, { homeDir, home });
  const { api, cloud, logging, server } = settings;
  const isDebug = settings.debug_mode || settings.testing.test_mode;
  const located: Settings = {
    ...settings,
    home,
    profiles_path: profilesPath,
    api: { ...api, ssl_cert_file: api.ssl_cert_file ?? sslCertFile ?? null },
    cloud: { ...cloud, ui_url: cloud.ui_url ?? cloudUiUrl(cloud.api_url) },
    logging: { ...logging, config_path: inHome(logging.config_path), level: isDebug ? "DEBUG" : logging.level },
    internal: { logging_level: isDebug ? "DEBUG" : settings.internal.logging_level },
    results: { ...settings.results, local_storage_path: inHome(settings.results.local_storage_path) },
    server: { ...server, memo_store_path: inHome(server.memo_store_path) },
  };
  return withConnections(located, homeDir);
}

function withConnections(settings: Settings, homeDir: string): Settings {
  const { api, logging, server } = settings;
  const apiUrl =
    api.url || `${server.api.tls_cert_file ? "https" : "http"}://${server.api.host}:${server.api.port}/api`;
  const { max_log_size } = logging.to_api;
  const maxLogSize = isConnectedToCloud(settings) ? Math.min(max_log_size, settings.cloud.max_log_size) : max_log_size;
  return {
    ...settings,
    ui_url: settings.ui_url ?? uiUrl(settings),
    logging: { ...logging, to_api: { ...logging.to_api, max_log_size: maxLogSize } },
    server: {
      ...server,
      ui: { ...server.ui, api_url: server.ui.api_url ?? apiUrl },
      database: { ...server.database, connection_url: new Secret(databaseUrl(settings, homeDir)) },
    },
  };
}

/** True when the API URL lies below the one of Prefect Cloud. */
export function isConnectedToCloud({ api, cloud }: Settings): boolean {
  return Boolean(api.url && cloud.api_url && api.url.startsWith(cloud.api_url));
}

function cloudUiUrl(apiUrl: string): string {
  const isPrefects = /^https:\/\/api[.\w]*\.prefect\.[^.]+\//.test(apiUrl);
  return (isPrefects ? apiUrl.replace("https://api", "https://app") : apiUrl).replace(/\/api$/, "");
}

function uiUrl({ api, cloud }: Settings): string | null {
  if (!api.url) return null;
  const onCloudPages = cloud.ui_url && api.url.startsWith(cloud.api_url);
  const url = onCloudPages ? api.url.replaceAll(cloud.api_url, cloud.ui_url ?? "") : api.url;
  return url
    .replace(/\/api$/, "")
    .replaceAll("/api/", "/")
    .replaceAll("/accounts/", "/account/")
    .replaceAll("/workspaces/", "/workspace/");
}

/** What looks wrong about the settings, as sentences. */
export function settingsWarnings(settings: Settings): readonly string[] {
  return [...databaseWarnings(settings), ...apiUrlWarnings(settings)];
}

/** Not asked of SQLite, which has no password. */
function databaseWarnings({ server: { database } }: Settings): readonly string[] {
  const [url, password] = [database.connection_url?.reveal() ?? "", database.password?.reveal() ?? ""];
  const isUnused = url.startsWith("postgres") && !url.includes(password) && !url.includes(encodeURIComponent(password));
  return isUnused
    ? [
        "PREFECT_SERVER_DATABASE_PASSWORD is set, but PREFECT_SERVER_DATABASE_CONNECTION_URL does not refer to it: it is not used.",
      ]
    : [];
}

function apiUrlWarnings(settings: Settings): readonly string[] {
  const url = settings.api.url;
  if (url === null || settings.silence_api_url_misconfiguration) return [];
  const found = [
    url.includes("app.prefect.cloud") &&
      "PREFECT_API_URL points to app.prefect.cloud, where the pages are: use api.prefect.cloud.",
    url.includes("account/") && "PREFECT_API_URL has /account/ in it: use /accounts/.",
    url.includes("workspace/") && "PREFECT_API_URL has /workspace/ in it: use /workspaces/.",
    /api\.prefect\.cloud\/(?!api)./.test(url) && "PREFECT_API_URL needs /api right after api.prefect.cloud.",
  ];
  return found.filter((sentence) => sentence !== false);
}
