import { describe, expect, test } from "vitest";
import { allSettings, loadSettings, settingsTree } from "../../src/settings/index.ts";
import { runPython } from "../support/python.ts";
import { missing } from "../support/require.ts";

const HOME = "/nonexistent/prefect-home";

/** Environments, and whether the reference takes them; what it makes of them is asked from it. */
const environments: readonly Readonly<Record<string, string>>[] = [
  {},
  { PREFECT_API_URL: "http://localhost:4200/api", PREFECT_API_KEY: "k", PREFECT_SERVER_API_AUTH_STRING: "a:b" },
  { PREFECT_API_URL: "https://api.prefect.cloud/api/accounts/1/workspaces/2" },
  { PREFECT_DEBUG_MODE: "true", PREFECT_LOGGING_LEVEL: "warning" },
  { PREFECT_LOGGING_LEVEL: "loud" },
  { PREFECT_CLI_COLORS: "off", PREFECT_CLI_PROMPT: "T", PREFECT_EXPERIMENTAL_WARN: "n" },
  { PREFECT_CLI_COLORS: "maybe" },
  { PREFECT_SERVER_API_PORT: " 4_300 ", PREFECT_API_REQUEST_TIMEOUT: "1e1" },
  { PREFECT_SERVER_API_PORT: "1e3" },
  { PREFECT_SERVER_API_PORT: "5.0" },
  { PREFECT_SERVER_API_PORT: "5.5" },
  { PREFECT_SERVER_API_PORT: "" },
  { PREFECT_CLIENT_RETRY_EXTRA_CODES: "429, 503" },
  { PREFECT_CLIENT_RETRY_EXTRA_CODES: "99" },
  { PREFECT_CLIENT_CUSTOM_HEADERS: '{"a": "b"}', PREFECT_LOGGING_EXTRA_LOGGERS: "b" },
  { PREFECT_CLIENT_CUSTOM_HEADERS: "a=b" },
  { PREFECT_TASKS_DEFAULT_RETRY_DELAY_SECONDS: "1, 2.5" },
  { PREFECT_FLOWS_HEARTBEAT_FREQUENCY: "29" },
  { PREFECT_RUNNER_HEARTBEAT_FREQUENCY: "31" },
  { PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED: "orphans" },
  { PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED: "true", PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD: "P400D" },
  { PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD: "PT1H" },
  { PREFECT_SERVER_SERVICES_DB_VACUUM_EVENT_RETENTION_OVERRIDES: '{"a": "P1D", "b": 3600}' },
  { PREFECT_API_SERVICES_LATE_RUNS_AFTER_SECONDS: "90", PREFECT_EVENTS_RETENTION_PERIOD: "1 day, 02:00:00" },
  { PREFECT_SERVER_CONCURRENCY_INITIAL_DEPLOYMENT_LEASE_DURATION: "29" },
  { PREFECT_SERVER_DATABASE_DRIVER: "mysql" },
];

const ASK = `
import json, os, sys, warnings
warnings.simplefilter("ignore")
from prefect.settings import Settings
from prefect.settings.legacy import _get_valid_setting_names
answers = []
for env in json.loads(sys.argv[1]):
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        del os.environ[name]
    os.environ.update(env, PREFECT_HOME="${HOME}")
    try:
        answers.append(Settings().model_dump(mode="json"))
    except Exception:
        answers.append("refused")
print(json.dumps({"answers": answers, "names": sorted(_get_valid_setting_names(Settings))}))
`;

interface Answer {
  readonly answers: readonly unknown[];
  readonly names: readonly string[];
}

function ours(env: Readonly<Record<string, string>>): unknown {
  try {
    const settings = loadSettings({
      env: { ...env, PREFECT_HOME: HOME },
      cwd: "/nonexistent",
      homeDir: "/nonexistent",
    });
    return JSON.parse(JSON.stringify(settingsTree(settings)));
  } catch {
    return "refused";
  }
}

describe.skipIf(missing("reference-3.9.1"))("compared with the reference", () => {
  test("every environment gives the same settings, and the names are the same", async () => {
    const answer = JSON.parse(await runPython("3.9.1", ASK, { args: [JSON.stringify(environments)] })) as Answer;

    const found = environments.map((given, index) => ({ given, settings: answer.answers[index] }));
    const names = allSettings
      .filter(({ setting }) => !setting.isOurs)
      .flatMap(({ name, setting }) => [name, ...setting.aliases])
      .sort();

    expect(environments.map((given) => ({ given, settings: withoutCertificate(ours(given)) }))).toEqual(
      found.map(({ given, settings }) => ({ given, settings: withoutCertificate(settings) })),
    );
    expect(names).toEqual(answer.names);
  }, 60_000);
});

/** The default of that setting is a variable of the machine. */
function withoutCertificate(tree: unknown): unknown {
  return JSON.parse(JSON.stringify(tree, (key, value) => (key === "ssl_cert_file" ? null : value)));
}
