import { describe, expect, test } from "vitest";
import { databaseConfig, loadSettings, resolveSettings } from "../../src/settings/index.ts";
import { runPython } from "../support/python.ts";
import { missing } from "../support/require.ts";

const inputs = (env: Record<string, string>) => ({
  env: { PREFECT_PROFILES_PATH: "/nonexistent", ...env },
  cwd: "/nowhere",
  homeDir: "/home/me",
});

function configFor(env: Record<string, string>) {
  return databaseConfig(loadSettings(inputs(env)), "/work");
}

function configOf(url: string) {
  return configFor({ PREFECT_SERVER_DATABASE_CONNECTION_URL: url });
}

describe("SQLite", () => {
  test.each([
    ["sqlite+aiosqlite:////data/p.db", "/data/p.db"],
    ["sqlite+aiosqlite:///p.db", "/work/p.db"],
    ["sqlite+aiosqlite:///../p.db", "/p.db"],
    ["sqlite+aiosqlite:///~/p.db", "/home/me/p.db"],
    ["sqlite+aiosqlite:///~p.db", "/work/~p.db"],
    ["sqlite:////data/p.db", "/data/p.db"],
    ["sqlite+aiosqlite:///a%20b#c.db", "/work/a b#c.db"],
    ["sqlite+aiosqlite:///a%zz.db", "/work/a%zz.db"],
    ["sqlite+aiosqlite:///p.db?timeout=5", "/work/p.db"],
    ["sqlite+aiosqlite:///file:p.db?uri=true", "/work/p.db"],
    ["sqlite+aiosqlite:///file:/data/p.db?mode=rw&uri=true", "/data/p.db"],
    ["sqlite+aiosqlite:///file:///data/p.db?uri=true", "/data/p.db"],
    ["sqlite+aiosqlite:///file:p.db", "/work/file:p.db"],
    ["sqlite+aiosqlite:///:memory:", ":memory:"],
    ["sqlite+aiosqlite://", ":memory:"],
    ["sqlite+aiosqlite:///", ":memory:"],
    ["sqlite+aiosqlite:///file:shared?mode=memory&cache=shared&uri=true", ":memory:"],
    ["sqlite+aiosqlite:///file::memory:?cache=shared&uri=true&check_same_thread=false", ":memory:"],
  ])("%s opens %s", (url, path) => {
    expect(configOf(url)).toMatchObject({ kind: "sqlite", path });
  });

  test("a home directory with a percent sign in it is taken as it is", () => {
    expect(configFor({ PREFECT_HOME: "/data/50%25?" })).toMatchObject({ path: "/data/50%25?/prefect.db" });
  });

  test.each([
    ["sqlite+aiosqlite://host/p.db", "three slashes"],
    ["sqlite+aiosqlite://~/p.db", "three slashes"],
    ["sqlite+aiosqlite:/p.db", "not of the form"],
    ["p.db", "not of the form"],
    ["sqlite+aiosqlite:///a%00b.db", "NUL"],
    ["sqlite+aiosqlite:///file:p.db?mode=ro&uri=true", "for reading only"],
    ["sqlite+pysqlite:///p.db", "'sqlite+pysqlite'"],
  ])("%s is refused", (url, why) => {
    expect(() => configOf(url)).toThrow(why);
  });
});

describe("PostgreSQL", () => {
  const canonical = (url: string) => (configOf(url) as { url: string }).url;

  test("a URL keeps everything but the driver and the options", () => {
    const url = "postgresql+asyncpg://u:p%40s@db:5433/prefect?prepared_statement_cache_size=0&ssl=require";

    expect(configFor({ PREFECT_API_DATABASE_CONNECTION_URL: url })).toEqual({
      kind: "postgres",
      url: "postgresql://u:p%40s@db:5433/prefect",
      applicationName: undefined,
      searchPath: undefined,
      maxConnections: 15,
      statementTimeoutMs: 10_000,
      connectionTimeoutMs: 5000,
      connectionLifetimeSeconds: 3600,
      usesPreparedStatements: false,
      role: "any",
      tls: {
        mode: "require",
        caFile: undefined,
        certFile: undefined,
        keyFile: undefined,
        isVerified: false,
        checksHostname: false,
      },
    });
  });

  test.each([
    ["postgres://u:p@h/d", "postgresql://u:p@h/d"],
    ["postgresql://u:p@h/d", "postgresql://u:p@h/d"],
    ["postgresql+asyncpg://h", "postgresql://h"],
    ["postgresql+asyncpg:///d", "postgresql:///d"],
    ["postgresql+asyncpg://u@h:5433", "postgresql://u@h:5433"],
    ["postgresql+asyncpg://us%40er:p@h/d%20e", "postgresql://us%40er:p@h/d%20e"],
    ["postgresql+asyncpg://u:p%40%3A%2F%25s@h/d", "postgresql://u:p%40%3A%2F%25s@h/d"],
    ["postgresql+asyncpg://u:p@s@h/d", "postgresql://u:p%40s@h/d"],
    ["postgresql+asyncpg://u:p:s@h/d", "postgresql://u:p%3As@h/d"],
    ["postgresql+asyncpg://u:p/s@h/d", "postgresql://u:p%2Fs@h/d"],
    ["postgresql+asyncpg://u:p%s@h/d", "postgresql://u:p%25s@h/d"],
    ["postgresql+asyncpg://u:p?s#t+@h/d", "postgresql://u:p%3Fs%23t%2B@h/d"],
    ["postgresql+asyncpg://u:p@h/d?user=x&password=y&database=z", "postgresql://x:y@h/z"],
    ["postgresql+asyncpg://u:p@[::1]:5433/d", "postgresql://u:p@[::1]:5433/d"],
    ["postgresql+asyncpg://u:p@/d?host=/var/run/postgresql", "postgresql://u:p@%2Fvar%2Frun%2Fpostgresql/d"],
    ["postgresql+asyncpg:///d?host=%2Fvar%2Frun&port=5433", "postgresql://%2Fvar%2Frun:5433/d"],
    ["postgresql+asyncpg://u@%2Fvar%2Frun/d", "postgresql://u@%2Fvar%2Frun/d"],
    ["postgresql+asyncpg:///d?host=a:5432&host=b:5433", "postgresql://a:5432,b:5433/d"],
    ["postgresql+asyncpg:///d?host=a,b&port=5432,5433", "postgresql://a:5432,b:5433/d"],
    ["postgresql+asyncpg:///d?host=a,b&port=5433", "postgresql://a:5433,b:5433/d"],
    ["postgresql+asyncpg://u:p@a:5432,b/d", "postgresql://u:p@a:5432,b/d"],
    ["postgresql+asyncpg:///d?port=5433", "postgresql://localhost:5433/d"],
  ])("%s means %s", (url, meaning) => {
    expect(canonical(url)).toBe(meaning);
  });

  test.each([
    ["", { mode: "prefer", isVerified: false }],
    ["?ssl=prefer", { mode: "prefer", isVerified: false }],
    ["?sslmode=allow", { mode: "allow", isVerified: false }],
    ["?ssl=disable", undefined],
    ["?ssl=require", { mode: "require", isVerified: false, checksHostname: false }],
    ["?sslmode=require&sslrootcert=/ca.pem", { mode: "require", caFile: "/ca.pem", isVerified: true }],
    ["?ssl=true", { mode: "require", isVerified: false }],
    ["?ssl=verify-ca", { mode: "require", isVerified: true, checksHostname: false }],
    ["?sslmode=verify_full", { mode: "require", isVerified: true, checksHostname: true }],
  ])("%j asks for the encryption %o", (options, tls) => {
    const config = configOf(`postgresql+asyncpg://h/d${options}`);

    expect(config).toMatchObject({ tls });
  });

  test("settings stand above the options", () => {
    const args = "PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS";
    const config = configFor({
      PREFECT_SERVER_DATABASE_CONNECTION_URL: "postgresql+asyncpg://h/d?ssl=disable&application_name=a&search_path=a",
      [`${args}_APPLICATION_NAME`]: "b",
      [`${args}_SEARCH_PATH`]: "b, public",
      [`${args}_STATEMENT_CACHE_SIZE`]: "0",
      [`${args}_TLS_ENABLED`]: "true",
      [`${args}_TLS_CA_FILE`]: "/ca.pem",
      [`${args}_TLS_CHECK_HOSTNAME`]: "false",
      PREFECT_SQLALCHEMY_POOL_SIZE: "0",
      PREFECT_SQLALCHEMY_MAX_OVERFLOW: "-1",
    });

    expect(config).toMatchObject({
      applicationName: "b",
      searchPath: "b, public",
      usesPreparedStatements: false,
      maxConnections: 1,
      tls: { mode: "require", caFile: "/ca.pem", isVerified: true, checksHostname: false },
    });
  });

  test.each([
    [{ HOST: "db", PASSWORD: "p@s" }, "postgresql://u:p%40s@db:5432/n"],
    [{ HOST: "::1", PORT: "5433" }, "postgresql://u@[::1]:5433/n"],
    [{ HOST: "/var/run/postgresql", NAME: "a?b" }, "postgresql://u@%2Fvar%2Frun%2Fpostgresql:5432/a%3Fb"],
  ])("the parts %o make a URL with everything escaped", (parts, url) => {
    const all = { DRIVER: "postgresql+asyncpg", USER: "u", NAME: "n", ...parts };
    const env = Object.entries(all).map(([key, value]) => [`PREFECT_SERVER_DATABASE_${key}`, value]);

    expect(configFor(Object.fromEntries(env))).toMatchObject({ url });
  });

  test.each([
    ["API", "a@$&/b"],
    ["SERVER", "a@$&/b"],
    ["SERVER", "a%40%24%26%2Fb"],
  ])("where PREFECT_%s_DATABASE_PASSWORD stands the password %s is put in", (group, password) => {
    const url = `postgresql://u:\${PREFECT_${group}_DATABASE_PASSWORD}@h/n`;

    expect(
      configFor({ PREFECT_SERVER_DATABASE_CONNECTION_URL: url, PREFECT_SERVER_DATABASE_PASSWORD: password }),
    ).toMatchObject({ url: "postgresql://u:a%40%24%26%2Fb@h/n" });
  });

  test("a password that the URL does not use is told", () => {
    const warningsFor = (url: string) =>
      resolveSettings(
        inputs({ PREFECT_SERVER_DATABASE_CONNECTION_URL: url, PREFECT_SERVER_DATABASE_PASSWORD: "a@b" }),
      ).warnings.join();

    expect(warningsFor("postgresql://u@h/n")).toContain("it is not used");
    expect(warningsFor("postgresql://u:a%40b@h/n")).toBe("");
    expect(warningsFor("sqlite:///n")).toBe("");
  });

  test.each([
    ["postgresql://u:secret@h:abc/d", "port 'abc'"],
    ["postgresql://u:secret@h:70000/d", "port '70000'"],
    ["postgresql://u:secret@/d?host=a,b,c&port=1,2", "3 hosts and 2 ports"],
    ["postgresql://u:secret@h/d?ssl=yes", "ssl=yes is none of"],
    ["postgresql://u:secret@h/d?sslmod=require", "unknown option 'sslmod'"],
    ["postgresql://u:secret@h/d?target_session_attrs=best", "target_session_attrs=best"],
    ["postgresql+psycopg2://u:secret@h/d", "'postgresql+psycopg2'"],
    ["mysql://u:secret@h/d", "'mysql'"],
    ["postgresql:u:secret@h/d", "not of the form"],
    ["secret", "not of the form"],
    ["", "not of the form"],
  ])("%s is refused without showing it", (url, why) => {
    expect(() => configOf(url)).toThrow(why);
    expect(() => configOf(url)).not.toThrow("secret");
  });

  test("missing parts and a missing password are refused with the name of the variable", () => {
    expect(() => configFor({ PREFECT_SERVER_DATABASE_DRIVER: "postgresql+asyncpg" })).toThrow(/DATABASE_HOST/);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the reference to the password is part of the setting
    expect(() => configOf("postgresql://u:${PREFECT_SERVER_DATABASE_PASSWORD}@h/n")).toThrow(
      /PREFECT_SERVER_DATABASE_PASSWORD/,
    );
  });
});

const ASK = `
import json, sys
from sqlalchemy.engine.url import make_url
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
answers = []
for url in json.loads(sys.argv[1]):
    answers.append(PGDialect_asyncpg().create_connect_args(make_url(url))[1])
print(json.dumps(answers))
`;

describe.skipIf(missing("reference-3.9.1"))("compared with the reference", () => {
  const urls = [
    "postgresql+asyncpg://u:p@h/d",
    "postgresql+asyncpg://u:p%40%3A%2F%25s@h:5433/d",
    "postgresql+asyncpg://u:p:s@h/d",
    "postgresql+asyncpg://u:p/s@h/d",
    "postgresql+asyncpg://u:p%s@h/d",
    "postgresql+asyncpg://u:p?s#t+@h/d",
    "postgresql+asyncpg://us%40er:p@h/d%20e",
    "postgresql+asyncpg://h",
    "postgresql+asyncpg:///d?host=/var/run/postgresql&port=5433",
    "postgresql+asyncpg://u:p@/d?host=a:5432&host=b:5433",
    "postgresql+asyncpg://u:p@/d?host=a,b&port=5432,5433",
    "postgresql+asyncpg://u:p@[::1]:5433/d",
    "postgresql+asyncpg://u:p@h/d?user=x&password=y",
  ];

  test("a URL means the same host, user, password and database", async () => {
    const answers = JSON.parse(await runPython("3.9.1", ASK, { args: [JSON.stringify(urls)] })) as Answer[];

    expect(urls.map((url) => canonicalParts(url))).toEqual(answers.map(flat));
  });
});

interface Answer {
  readonly host?: string | readonly string[];
  readonly port?: number | readonly number[];
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

function flat({ host = [], port = [], user = "", password = "", database = "" }: Answer) {
  return { hosts: [host].flat().join(), ports: [port].flat().join(), user, password, database };
}

function canonicalParts(url: string) {
  const { url: canonical } = configOf(url) as { url: string };
  const [, user = "", password = "", places = "", database = ""] =
    /^postgresql:\/\/(?:([^:@]*)(?::([^@]*))?@)?([^/]*)(?:\/(.*))?$/.exec(canonical) ?? [];
  const hosts = places.split(",").map((place) => /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(place) ?? []);
  return {
    hosts: hosts.map(([, six, name = ""]) => six ?? decodeURIComponent(name)).join(),
    ports: hosts.flatMap(([, , , port]) => port ?? []).join(),
    user: decodeURIComponent(user),
    password: decodeURIComponent(password),
    database: decodeURIComponent(database),
  };
}
