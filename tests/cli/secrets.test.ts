import { describe, expect, test } from "vitest";
import { databaseLabel } from "../../src/cli/database-label.ts";
import { shownUrl } from "../../src/kit/shown-url.ts";
import { loadSettings } from "../../src/settings/index.ts";
import { freePort, temporaryFolder } from "../support/disposable.ts";
import { runCommand } from "../support/prefect-cli.ts";

test.each([
  ["http://127.0.0.1:4200/api", "http://127.0.0.1:4200/api"],
  ["https://user:secret@host/api", "https://host/api"],
  ["https://user:sec@ret@host/api", "https://host/api"],
  ["https://host/api?to=a@b", "https://host/api?to=a@b"],
  ["not a URL", "not a URL"],
])("%s is shown as %s", (url, shown) => {
  expect(shownUrl(url)).toBe(shown);
});

test.each([
  ["postgresql+asyncpg://u:secret@h:5432/d", "postgresql+asyncpg://u:***@h:5432/d"],
  ["postgresql://u:sec@secret@h/d?ssl=require", "postgresql://u:***@h/d?ssl=require"],
  ["postgresql://u:secret/@h/d", "postgresql://u:***@h/d"],
  ["postgresql://h/d?user=u&password=secret", "postgresql://h/d?user=u&password=***"],
  ["sqlite+aiosqlite:////a/b.db", "sqlite+aiosqlite:////a/b.db"],
  ["u:secret@h", "not a database URL"],
])("the database %s is shown as %s", (url, label) => {
  const env = { PREFECT_PROFILES_PATH: "/nonexistent", PREFECT_SERVER_DATABASE_CONNECTION_URL: url };

  expect(databaseLabel(loadSettings({ env, cwd: "/", homeDir: "/nonexistent" }))).toBe(label);
});

describe("what commands print, with everything secret set", () => {
  test.each([
    [["server", "status"]],
    [["server", "status", "--output", "json"]],
    [["flow", "ls"]],
    [["--profile", "ephemeral", "config", "view"]],
    [["config", "view", "--show-defaults"]],
    [["server", "database", "upgrade"]],
    [["server", "database", "upgrade", "-y"]],
    [["server", "start", "--port", "0"]],
    [["version"]],
  ])(
    "%j shows none of it",
    async (args) => {
      await using home = await temporaryFolder();
      const port = await freePort();
      const env = {
        PREFECT_SERVER_DATABASE_CONNECTION_URL: `postgresql+asyncpg://u:db-secret@127.0.0.1:${port}/d`,
        PREFECT_SERVER_API_AUTH_STRING: "admin:auth-secret",
        PREFECT_API_AUTH_STRING: "admin:auth-secret",
        PREFECT_API_KEY: "key-secret",
        ...(args.includes("view") ? {} : { PREFECT_API_URL: `http://me:url-secret@127.0.0.1:${port}/api` }),
      };

      const { stdout, stderr } = await runCommand(args, { home: home.path, env });

      expect(stdout + stderr).not.toBe("");
      expect(stdout + stderr).not.toMatch(/secret(?!s)/);
    },
    30_000,
  );
});
