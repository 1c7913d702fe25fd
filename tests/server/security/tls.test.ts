import { once } from "node:events";
import { request } from "node:https";
import { connect, type Socket } from "node:net";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";
import { connect as connectTls } from "node:tls";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClient } from "../../../src/client/index.ts";
import { openEventConnection } from "../../../src/client/sockets/event-connection.ts";
import { TlsFilesUnusable } from "../../../src/server/errors.ts";
import type { RunningServer } from "../../../src/server/main.ts";
import { startTestServer } from "../../../src/testing/test-server.ts";
import { type Certificates, makeCertificates } from "../../support/certificates.ts";
import { runPython } from "../../support/python.ts";
import { missing } from "../../support/require.ts";

let certificates: Certificates;
beforeAll(async () => {
  certificates = await makeCertificates();
});
afterAll(() => certificates[Symbol.asyncDispose]());

describe("a server with a certificate", () => {
  let server: RunningServer;
  beforeAll(async () => {
    const { certFile, keyFile } = certificates.server;
    server = await startTestServer({
      env: { PREFECT_SERVER_API_TLS_CERT_FILE: certFile, PREFECT_SERVER_API_TLS_KEY_FILE: keyFile },
    });
  });
  afterAll(() => server.stop());

  const ask = async (options: object) => {
    using client = createClient({ apiUrl: server.apiUrl, maxRetries: 0, ...options });
    return await client.admin.version();
  };

  test("serves HTTPS to clients that trust it, or trust anyone", async () => {
    const caCertificates = await readCa();

    expect(server.apiUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/api$/);
    expect(await ask({ caCertificates })).toBe("3.9.1");
    expect(await ask({ insecureTls: true })).toBe("3.9.1");
    await expect(ask({})).rejects.toThrow(/unable to verify|self-signed/);
    await expect(ask({ apiUrl: server.apiUrl.replace("https:", "http:") })).rejects.toThrow();
  });

  test("serves sockets the same way", async () => {
    const options = { apiUrl: server.apiUrl, token: null, headers: {}, openTimeoutMs: 5000 };
    const caCertificates = await readCa();

    const connection = await openEventConnection({ ...options, insecureTls: false, caCertificates });
    connection.close();
    await connection.closed;
    await expect(openEventConnection({ ...options, insecureTls: false })).rejects.toThrow(/verify|self-signed/);
  });

  test("makes links to itself with https", async () => {
    for (let number = 0; number < 3; number += 1) await postEvent(number);
    const { next_page } = JSON.parse(await send("/events/filter", { filter: {}, limit: 1 }));

    expect(next_page).toContain(`${server.url}/api/events/filter/next?`);
  });

  test.skipIf(missing("reference-3.9.1"))(
    "is used by the Python client",
    async () => {
      const code =
        "import asyncio\nfrom prefect import get_client\nasync def main():\n  async with get_client() as client:\n    print(await client.api_version())\nasyncio.run(main())";
      const ca = await runPython("3.9.1", code, {
        env: { PREFECT_API_URL: server.apiUrl, PREFECT_API_SSL_CERT_FILE: certificates.caFile },
      });
      const anyone = await runPython("3.9.1", code, {
        env: { PREFECT_API_URL: server.apiUrl, PREFECT_API_TLS_INSECURE_SKIP_VERIFY: "true" },
      });

      expect([ca.trim(), anyone.trim()]).toEqual(["3.9.1", "3.9.1"]);
    },
    60_000,
  );

  const postEvent = (number: number) =>
    send("/events", [
      {
        id: `00000000-0000-4000-8000-00000000000${number}`,
        occurred: new Date().toISOString(),
        event: "e",
        resource: { "prefect.resource.id": "r" },
      },
    ]);

  const send = (path: string, body: unknown) =>
    new Promise<string>((resolve, reject) => {
      const outgoing = request(server.apiUrl + path, { method: "POST", rejectUnauthorized: false });
      outgoing.once("response", (answer) => text(answer).then(resolve, reject)).once("error", reject);
      outgoing.end(JSON.stringify(body));
    });
});

test("a server with a certificate answers what is under way before it stops, and ends idle connections", async () => {
  const { certFile, keyFile } = certificates.server;
  const env = { PREFECT_SERVER_API_TLS_CERT_FILE: certFile, PREFECT_SERVER_API_TLS_KEY_FILE: keyFile };
  const server = await startTestServer({ env });
  const port = Number(new URL(server.url).port);
  const idle = [connect(port, "127.0.0.1"), connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false })];
  await Promise.all([once(idle[0] as Socket, "connect"), once(idle[1] as Socket, "secureConnect")]);
  const ended = idle.map((socket) => once(socket.resume(), "close"));
  using client = createClient({ apiUrl: server.apiUrl, maxRetries: 0, insecureTls: true });
  const { rows } = await sql<{ file: string }>`pragma database_list`.execute(server.ctx.db.read);
  const lock = new DatabaseSync(rows[0]?.file ?? "");
  lock.exec("BEGIN IMMEDIATE");

  const creating = client.http.post("/flows/", { name: "f" });
  for (let turn = 0; turn < 5; turn += 1) await client.admin.version();
  const stopping = server.stop();
  await Promise.all(ended);
  lock.exec("ROLLBACK");
  lock.close();

  expect(await creating).toMatchObject({ name: "f" });
  await stopping;
});

async function readCa(): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  return readFile(certificates.caFile, "utf8");
}

test.each([
  { what: "a certificate that is not there", cert: "/no/such.crt", key: "server", says: "no such file" },
  { what: "a key of another certificate", cert: "server", key: "stranger", says: "key values mismatch" },
  { what: "a certificate without a key", cert: "server", key: undefined, says: "not set" },
])("$what is told, and nothing listens", async ({ cert, key, says }) => {
  const signed = { server: certificates.server, stranger: certificates.stranger };
  const env = {
    PREFECT_SERVER_API_TLS_CERT_FILE: cert === "server" ? signed.server.certFile : cert,
    ...(key === undefined ? {} : { PREFECT_SERVER_API_TLS_KEY_FILE: signed[key as keyof typeof signed].keyFile }),
  };

  await expect(startTestServer({ env })).rejects.toMatchObject({
    code: TlsFilesUnusable.code,
    message: expect.stringContaining(says),
  });
});
