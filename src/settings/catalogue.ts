import {
  apiSettings,
  clientSettings,
  cliSettings,
  cloudSettings,
  deploymentsSettings,
  eventsSettings,
  experimentsSettings,
  pluginsSettings,
  rootSettings,
  telemetrySettings,
  testingSettings,
} from "./catalogue/client.ts";
import {
  flowsSettings,
  internalSettings,
  loggingSettings,
  resultsSettings,
  runnerSettings,
  tasksSettings,
  workerSettings,
} from "./catalogue/runs.ts";
import {
  serverApiSettings,
  serverConcurrencySettings,
  serverDeploymentsSettings,
  serverDocketSettings,
  serverEphemeralSettings,
  serverEventsSettings,
  serverFlowRunGraphSettings,
  serverLogsSettings,
  serverRetentionSettings,
  serverRootSettings,
  serverSmtpSettings,
  serverTasksSettings,
  serverUiSettings,
  serverWorkerChannelSettings,
} from "./catalogue/server.ts";
import { serverDatabaseSettings } from "./catalogue/server-database.ts";
import { serverServicesSettings } from "./catalogue/server-services.ts";
import type { Secret } from "./secret.ts";
import { type AnySetting, isSetting, type SettingsGroup, type ValuesOf } from "./setting.ts";

/** Every setting there is. Its place here is its dotted path; `PREFECT_` and the path in capitals name its variable. */
export const catalogue = {
  ...rootSettings,
  api: apiSettings,
  cli: cliSettings,
  client: clientSettings,
  cloud: cloudSettings,
  deployments: deploymentsSettings,
  events: eventsSettings,
  experiments: experimentsSettings,
  flows: flowsSettings,
  internal: internalSettings,
  logging: loggingSettings,
  plugins: pluginsSettings,
  results: resultsSettings,
  runner: runnerSettings,
  server: {
    ...serverRootSettings,
    api: serverApiSettings,
    concurrency: serverConcurrencySettings,
    database: serverDatabaseSettings,
    deployments: serverDeploymentsSettings,
    docket: serverDocketSettings,
    ephemeral: serverEphemeralSettings,
    events: serverEventsSettings,
    flow_run_graph: serverFlowRunGraphSettings,
    logs: serverLogsSettings,
    retention: serverRetentionSettings,
    services: serverServicesSettings,
    smtp: serverSmtpSettings,
    tasks: serverTasksSettings,
    ui: serverUiSettings,
    worker_channel: serverWorkerChannelSettings,
  },
  tasks: tasksSettings,
  telemetry: telemetrySettings,
  testing: testingSettings,
  worker: workerSettings,
} as const satisfies SettingsGroup;

/** All settings, loaded: `settings.server.api.port`. */
export type Settings = ValuesOf<typeof catalogue> & {
  /** What block documents are encrypted with, by PREFECT_SERVER_ENCRYPTION_KEY, which only the environment gives. */
  readonly encryptionKey?: Secret;
};

/** A setting together with its place and its names. */
export interface NamedSetting {
  /** `server.api.port` */
  readonly path: string;
  /** `PREFECT_SERVER_API_PORT` */
  readonly name: string;
  readonly setting: AnySetting;
}

function namedIn(group: SettingsGroup, prefix: string): NamedSetting[] {
  return Object.entries(group).flatMap(([key, node]) => {
    const path = `${prefix}${key}`;
    if (!isSetting(node)) return namedIn(node, `${path}.`);
    return [{ path, name: `PREFECT_${path.toUpperCase().replaceAll(".", "_")}`, setting: node }];
  });
}

/** Every setting, in the order of the catalogue. */
export const allSettings: readonly NamedSetting[] = namedIn(catalogue, "");

const byPath = new Map(allSettings.map((named) => [named.path, named]));
const byName = new Map(
  allSettings.flatMap((named) => [named.name, ...named.setting.aliases].map((name) => [name, named] as const)),
);

/** The setting with that environment variable, by its present or an older name. */
export function findSettingByName(name: string): NamedSetting | undefined {
  return byName.get(name);
}

/** The setting with that dotted path. */
export function findSettingByPath(path: string): NamedSetting | undefined {
  return byPath.get(path);
}
