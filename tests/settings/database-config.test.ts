import { expect, test } from "vitest";
import { databaseConfig, loadSettings } from "../../src/settings/index.ts";

function configFor(env: Record<string, string>) {
  return databaseConfig(loadSettings({ env, cwd: "/nowhere", homeDir: "/nowhere" }), "/work");
}

test.each([
  ["sqlite+aiosqlite:////data/p.db", "/data/p.db"],
  ["sqlite+aiosqlite:///p.db", "/work/p.db"],
  ["sqlite:////data/p.db", "/data/p.db"],
  ["sqlite+aiosqlite:///:memory:", ":memory:"],
  ["sqlite+aiosqlite:///file::memory:?cache=shared&uri=true&check_same_thread=false", ":memory:"],
])("%s opens %s", (url, path) => {
  expect(configFor({ PREFECT_SERVER_DATABASE_CONNECTION_URL: url })).toMatchObject({ kind: "sqlite", path });
});

test("a PostgreSQL URL keeps everything but the driver and the options", () => {
  const url = "postgresql+asyncpg://u:p%40s@db:5433/prefect?prepared_statement_cache_size=0&ssl=require";

  expect(configFor({ PREFECT_API_DATABASE_CONNECTION_URL: url })).toEqual({
    kind: "postgres",
    url: "postgresql://u:p%40s@db:5433/prefect",
    applicationName: undefined,
    searchPath: undefined,
    maxConnections: 15,
    statementTimeoutMs: 10_000,
    connectionTimeoutMs: 5000,
    usesPreparedStatements: false,
    tls: { caFile: undefined, certFile: undefined, keyFile: undefined, isVerified: false, checksHostname: false },
  });
});

test("the URL is made from its parts, with the password escaped", () => {
  const parts = { DRIVER: "postgresql+asyncpg", HOST: "db", USER: "u", NAME: "n", PASSWORD: "p@s" };
  const env = Object.fromEntries(
    Object.entries(parts).map(([key, value]) => [`PREFECT_SERVER_DATABASE_${key}`, value]),
  );

  expect(configFor(env)).toMatchObject({ url: "postgresql://u:p%40s@db:5432/n" });
});

test("missing parts, a missing password and a foreign scheme are refused with the name of the variable", () => {
  expect(() => configFor({ PREFECT_SERVER_DATABASE_DRIVER: "postgresql+asyncpg" })).toThrow(/DATABASE_HOST/);
  expect(() =>
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the reference to the password is part of the setting
    configFor({ PREFECT_SERVER_DATABASE_CONNECTION_URL: "postgresql://u:${PREFECT_SERVER_DATABASE_PASSWORD}@h/n" }),
  ).toThrow(/PREFECT_SERVER_DATABASE_PASSWORD/);
  expect(() => configFor({ PREFECT_SERVER_DATABASE_CONNECTION_URL: "mysql://h/n" })).toThrow(/'mysql'/);
});
