import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  databaseConfig,
  loadSettings,
  ProfileNotFound,
  resolveSettings,
  SettingsFileInvalid,
  type SettingsInputs,
  SettingsInvalid,
  settingsTree,
} from "../../src/settings/index.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "settings-"));
  mkdirSync(join(directory, ".prefect"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function inputs(env: Record<string, string> = {}, more: Partial<SettingsInputs> = {}): SettingsInputs {
  return { env, cwd: directory, homeDir: directory, ...more };
}

function write(name: string, text: string) {
  writeFileSync(join(directory, name), text);
}

test("each source wins over the ones below it", () => {
  write(".env", "PREFECT_SERVER_API_PORT=1002\nPREFECT_CLI_COLORS=false\n");
  write("prefect.toml", "[server.api]\nport = 1003\nhost = 'b'\ndefault_limit = 13\n");
  write("pyproject.toml", "[tool.prefect.server.api]\nport = 1004\ndefault_limit = 14\nkeepalive_timeout = 14\n");
  write(
    ".prefect/profiles.toml",
    "active = 'mine'\n[profiles.mine]\nPREFECT_SERVER_API_KEEPALIVE_TIMEOUT = '15'\nPREFECT_SERVER_API_BASE_PATH = '/p'\n",
  );

  const { settings, origins } = resolveSettings(inputs({ PREFECT_SERVER_API_PORT: "1001" }));

  expect(settings.server.api).toMatchObject({
    port: 1001,
    host: "b",
    default_limit: 13,
    keepalive_timeout: 14,
    base_path: "/p",
  });
  expect(settings.cli.colors).toBe(false);
  expect([...origins].map(([path, { kind }]) => [path, kind])).toContainEqual(["server.api.host", "prefect.toml"]);
});

test("an older name works and gives way to the present one", () => {
  const old = { PREFECT_API_DATABASE_TIMEOUT: "1", PREFECT_API_DATABASE_ECHO: "yes" };

  const settings = loadSettings(inputs({ ...old, PREFECT_SERVER_DATABASE_TIMEOUT: "2" }));

  expect(settings.server.database).toMatchObject({ timeout: 2, echo: true });
});

test("a profile given with -p lies above the environment, one given with --profile below", () => {
  write(".prefect/profiles.toml", "[profiles.a]\nPREFECT_API_URL = 'http://profile/api'\n");
  const env = { PREFECT_API_URL: "http://env/api" };

  const above = loadSettings(inputs(env, { profile: { name: "a", isAbove: true } }));
  const below = loadSettings(inputs(env, { profile: { name: "a", isAbove: false } }));

  expect([above.api.url, below.api.url]).toEqual(["http://profile/api", "http://env/api"]);
});

test("an unknown profile is refused on the command line and replaced with a warning elsewhere", () => {
  const { profile, warnings } = resolveSettings(inputs({ PREFECT_PROFILE: "nope" }));

  expect(profile.name).toBe("ephemeral");
  expect(warnings.join()).toContain("'nope'");
  expect(() => loadSettings(inputs({}, { profile: { name: "nope", isAbove: true } }))).toThrow(
    expect.objectContaining({ code: ProfileNotFound.code }),
  );
});

test("every refused value is named with what is accepted, and secrets stay hidden", () => {
  const env = { PREFECT_SERVER_API_PORT: "many", PREFECT_CLIENT_RETRY_EXTRA_CODES: "99" };

  expect(() => loadSettings(inputs(env))).toThrow(
    expect.objectContaining({
      code: SettingsInvalid.code,
      message: expect.stringMatching(/PREFECT_CLIENT_RETRY_EXTRA_CODES=99[\s\S]*PREFECT_SERVER_API_PORT=many/),
    }),
  );
});

test("broken TOML stops the load, a broken profiles file only warns", () => {
  write(".prefect/profiles.toml", "active = \n");
  expect(resolveSettings(inputs()).warnings.join()).toContain("profiles.toml");

  write("prefect.toml", "= 1");
  expect(() => loadSettings(inputs())).toThrow(expect.objectContaining({ code: SettingsFileInvalid.code }));
});

test("paths, links and the database follow from other settings", () => {
  const env = { PREFECT_HOME: "~/here", PREFECT_API_URL: "http://h:1/api", PREFECT_DEBUG_MODE: "1" };

  const settings = loadSettings(inputs(env));

  expect(settings.home).toBe(join(directory, "here"));
  expect(settings.results.local_storage_path).toBe(join(directory, "here/storage"));
  expect(settings.ui_url).toBe("http://h:1");
  expect(settings.server.ui.api_url).toBe("http://h:1/api");
  expect(settings.logging.level).toBe("DEBUG");
  expect(databaseConfig(settings, "/")).toMatchObject({ kind: "sqlite", path: join(directory, "here/prefect.db") });
});

test("Prefect Cloud addresses are turned into those of its pages", () => {
  const url = "https://api.prefect.cloud/api/accounts/1/workspaces/2";

  expect(loadSettings(inputs({ PREFECT_API_URL: url })).ui_url).toBe("https://app.prefect.cloud/account/1/workspace/2");
});

test("secrets are asterisks wherever they are shown", () => {
  const settings = loadSettings(inputs({ PREFECT_API_KEY: "pnu_1" }));

  expect(settingsTree(settings).api).toMatchObject({ key: "**********", auth_string: null });
  expect(`${settings.api.key}${JSON.stringify(settings)}`).not.toContain("pnu_1");
  expect(settings.api.key?.reveal()).toBe("pnu_1");
});
