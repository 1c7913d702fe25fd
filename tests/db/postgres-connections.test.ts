import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../src/db/database.ts";
import { DatabaseFileUnreadable, DatabaseUnavailable } from "../../src/db/errors.ts";
import { databaseConfig, loadSettings } from "../../src/settings/index.ts";
import { type Certificates, makeCertificates } from "../support/certificates.ts";
import { freePort } from "../support/disposable.ts";
import { onPostgres, type PostgresServer, postgresUrl, startPostgres } from "../support/postgres.ts";
import { missing } from "../support/require.ts";

const ARGS = "PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS";
/** PostgreSQL takes connections over TLS only, and on its socket. */
const RULES = `local all all trust
host all guarded all scram-sha-256
hostssl all all all trust
`;

interface Session {
  readonly user: string;
  readonly encrypted: boolean;
  readonly path: string;
  readonly isolation: string;
  readonly zone: string;
  readonly application: string;
}

/** What PostgreSQL says about a connection made with such settings. */
async function sessionOf(url: string, env: Record<string, string> = {}): Promise<Session> {
  const settings = loadSettings({
    env: { PREFECT_PROFILES_PATH: "/nonexistent", PREFECT_SERVER_DATABASE_CONNECTION_URL: url, ...env },
    cwd: "/",
    homeDir: "/nonexistent",
  });
  await using database = openDatabase(databaseConfig(settings, "/"));
  const { rows } = await sql<Session>`
    select current_user as user, current_setting('search_path') as path, current_setting('TimeZone') as zone,
      current_setting('transaction_isolation') as isolation, current_setting('application_name') as application,
      coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as encrypted
  `.execute(database.read);
  return rows[0] as Session;
}

describe.skipIf(missing("postgresql"))("a PostgreSQL without TLS", () => {
  const url = () => `${postgresUrl()?.replace("postgresql:", "postgresql+asyncpg:")}`;

  test.each(["", "?ssl=prefer", "?ssl=allow", "?sslmode=disable"])(
    "is reached in plain text with %j",
    async (options) => {
      expect(await sessionOf(url() + options)).toMatchObject({ user: "postgres", encrypted: false });
    },
  );

  test.each(["?ssl=require", "?ssl=verify-full"])("is not reached with %j, and that is said", async (options) => {
    await expect(sessionOf(url() + options)).rejects.toMatchObject({
      code: DatabaseUnavailable.code,
      message: expect.stringContaining("does not support SSL"),
    });
  });

  test("is told what the settings say, whatever its own defaults are", async () => {
    const session = await sessionOf(url(), {
      [`${ARGS}_APPLICATION_NAME`]: "mine",
      [`${ARGS}_SEARCH_PATH`]: "other, public",
    });

    expect(session).toMatchObject({
      application: "mine",
      path: "other, public",
      isolation: "read committed",
      zone: "UTC",
    });
  });

  test("is looked for behind the hosts that do not answer or are of another role", async () => {
    const { port } = new URL(url());
    const closed = await freePort();
    const hosts = `host=127.0.0.1:${closed}&host=127.0.0.1:${port}`;

    expect(await sessionOf(`postgresql://postgres@/postgres?${hosts}`)).toMatchObject({ user: "postgres" });
    expect(
      await sessionOf(`postgresql://postgres@/postgres?${hosts}&target_session_attrs=prefer-standby`),
    ).toBeDefined();
    await expect(sessionOf(`postgresql://postgres@/postgres?${hosts}&target_session_attrs=standby`)).rejects.toThrow(
      "the server is not standby",
    );
  });

  test("that refuses the user is not asked again elsewhere", async () => {
    const { port } = new URL(url());
    const hosts = `host=127.0.0.1:${port}&host=127.0.0.1:${await freePort()}`;

    await expect(sessionOf(`postgresql://postgres@/nowhere?${hosts}`)).rejects.toThrow('"nowhere" does not exist');
  });
});

describe.skipIf(missing("postgresql"))("a PostgreSQL that insists on TLS", () => {
  let certificates: Certificates;
  let server: PostgresServer;
  let stranger: PostgresServer;
  beforeAll(async () => {
    certificates = await makeCertificates();
    server = await startPostgres({ tls: certificates.server, rules: RULES, socket: true });
    stranger = await startPostgres({ tls: certificates.stranger, rules: RULES });
  }, 60_000);
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await stranger[Symbol.asyncDispose]();
    await certificates[Symbol.asyncDispose]();
  });

  const urlOf = ({ url }: PostgresServer, options: string) =>
    url.replace("postgresql:", "postgresql+asyncpg:") + options;
  const withCa = (options: string) => `${options}&sslrootcert=${certificates.caFile}`;

  test.each(["", "?ssl=prefer", "?ssl=allow", "?ssl=require"])("is reached with %j", async (options) => {
    expect(await sessionOf(urlOf(server, options))).toMatchObject({ encrypted: true });
  });

  test("is not reached without", async () => {
    await expect(sessionOf(urlOf(server, "?ssl=disable"))).rejects.toThrow("no encryption");
  });

  test.each(["", "?ssl=disable"])("is told the password with %j, which may hold anything", async (options) => {
    const password = "p@ss:/%word'";
    await onPostgres(`${server.url}?host=${server.socketFolder}`, async (client) => {
      await client.query("drop role if exists guarded");
      await client.query(`create role guarded login password ${client.escapeLiteral(password)}`);
    });
    const place = `@127.0.0.1:${new URL(server.url).port}/postgres${options}`;

    expect(await sessionOf(`postgresql+asyncpg://guarded:${encodeURIComponent(password)}${place}`)).toMatchObject({
      user: "guarded",
      encrypted: options === "",
    });
    await expect(sessionOf(`postgresql+asyncpg://guarded:wrong${place}`)).rejects.toThrow(
      "password authentication failed",
    );
  });

  test("is verified where that is asked for", async () => {
    expect(await sessionOf(urlOf(server, withCa("?ssl=verify-full")))).toMatchObject({ encrypted: true });
    await expect(sessionOf(urlOf(server, "?ssl=verify-ca"))).rejects.toThrow(/unable to verify|self-signed/);
  });

  test("must carry its host's name only where that is asked for", async () => {
    expect(await sessionOf(urlOf(stranger, withCa("?ssl=verify-ca")))).toMatchObject({ encrypted: true });
    await expect(sessionOf(urlOf(stranger, withCa("?ssl=verify-full")))).rejects.toThrow(/altnames/);
  });

  test("is shown our certificate, by settings", async () => {
    const env = {
      [`${ARGS}_TLS_ENABLED`]: "true",
      [`${ARGS}_TLS_CA_FILE`]: certificates.caFile,
      [`${ARGS}_TLS_CERT_FILE`]: certificates.client.certFile,
      [`${ARGS}_TLS_KEY_FILE`]: certificates.client.keyFile,
    };
    expect(await sessionOf(urlOf(server, ""), env)).toMatchObject({ encrypted: true });
    await expect(sessionOf(urlOf(stranger, ""), env)).rejects.toThrow(/altnames/);
    expect(await sessionOf(urlOf(stranger, ""), { ...env, [`${ARGS}_TLS_CHECK_HOSTNAME`]: "false" })).toBeDefined();
  });

  test("has a socket that needs none", async () => {
    const { port } = new URL(server.url);
    const place = `postgresql://postgres@/postgres?host=${server.socketFolder}&port=${port}`;

    expect(await sessionOf(place)).toMatchObject({ user: "postgres", encrypted: false });
  });

  test("with a certificate of ours that is not there is told by the file's name", async () => {
    await expect(sessionOf(urlOf(server, "?ssl=require&sslcert=/no/such.crt"))).rejects.toMatchObject({
      code: DatabaseFileUnreadable.code,
      message: expect.stringContaining("/no/such.crt"),
    });
  });
});

test("behind PgBouncer a connection begins with nothing that PgBouncer does not know", async () => {
  const proxy = createServer().listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const begun = once(proxy, "connection").then(async ([socket]) => {
    const [bytes] = (await once(socket, "data")) as [Buffer];
    socket.destroy();
    const words = bytes.subarray(8).toString().split("\0");
    return words.filter((word, index) => index % 2 === 0 && word !== "");
  });

  const { port } = proxy.address() as AddressInfo;
  const url = `postgresql+asyncpg://u@127.0.0.1:${port}/d?ssl=disable&prepared_statement_cache_size=0`;
  await sessionOf(url).catch(() => undefined);

  // What PgBouncer takes without further settings.
  const known = ["user", "database", "client_encoding", "application_name", "DateStyle", "TimeZone"];
  expect((await begun).filter((name) => !known.includes(name))).toEqual([]);
  proxy.close();
});
