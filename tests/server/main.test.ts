import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type RunningServer, startServer } from "../../src/server/main.ts";
import { startTestServer } from "../../src/testing/test-server.ts";
import { freePort, temporaryFolder } from "../support/disposable.ts";

async function databasePath(server: RunningServer): Promise<string> {
  const { rows } = await sql<{ file: string }>`pragma database_list`.execute(server.ctx.db.read);
  return rows[0]?.file ?? "";
}

describe("a server that stops", () => {
  test("answers what it has accepted, refuses what comes later, and says goodbye to sockets", async () => {
    const server = await startTestServer();
    const socket = new WebSocket(`${server.apiUrl.replace("http", "ws")}/events/in`);
    await once(socket, "open");
    const goodbye = once(socket, "close");
    const lock = new DatabaseSync(await databasePath(server));
    lock.exec("BEGIN IMMEDIATE");
    const creating = Array.from({ length: 20 }, (_, index) =>
      fetch(`${server.apiUrl}/flows/`, {
        method: "POST",
        body: JSON.stringify({ name: `f${index}` }),
        headers: { "content-type": "application/json" },
      }),
    );
    // They wait for the lock by the time these are answered.
    for (let turn = 0; turn < 5; turn += 1) await fetch(`${server.apiUrl}/health`);
    const stopping = server.stop();
    const late = fetch(`${server.apiUrl}/health`).then(
      (answer) => answer.status,
      () => "refused",
    );
    expect((await goodbye)[0]).toBe(1001);
    expect([503, "refused"]).toContain(await late);
    lock.exec("ROLLBACK");
    lock.close();
    for (const answer of await Promise.all(creating)) expect(answer.status).toBe(201);
    await stopping;
    await expect(fetch(`${server.apiUrl}/health`)).rejects.toThrow("fetch failed");
  });

  test("does not wait for connections that ask for nothing", async () => {
    const server = await startTestServer();
    const idle = connect(Number(new URL(server.url).port), "127.0.0.1");
    await once(idle, "connect");
    await fetch(`${server.apiUrl}/health`);
    const gone = once(idle, "close");
    idle.resume();
    const start = performance.now();
    await Promise.all([server.stop(), gone]);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test("may be stopped again", async () => {
    const server = await startTestServer();
    await Promise.all([server.stop(), server.stop()]);
    await server.ctx.db.close();
  });
});

test("a port in use is told, and leaves nothing open", async () => {
  await using first = await startTestServer();
  const port = Number(new URL(first.url).port);
  const { settings, log } = first.ctx;
  await using home = await temporaryFolder();
  const elsewhere = {
    ...settings,
    server: {
      ...settings.server,
      database: { ...settings.server.database, migrate_on_start: true },
    },
  };
  await expect(
    startServer({ settings: elsewhere, log, cwd: home.path, host: "127.0.0.1", port }),
  ).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
  expect((await fetch(`${first.apiUrl}/health`)).status).toBe(200);
});

test("a database that goes away under a server makes it answer 503, and it says so when asked", async () => {
  await using server = await startTestServer();
  await server.ctx.db.close();
  const write = await fetch(`${server.apiUrl}/flows/`, {
    method: "POST",
    body: '{"name":"a"}',
    headers: { "content-type": "application/json" },
  });
  const ready = await fetch(`${server.apiUrl}/ready`);
  const health = await fetch(`${server.apiUrl}/health`);
  expect([write.status, write.headers.get("retry-after"), ready.status, health.status]).toEqual([503, "1", 503, 200]);
});

test("a process that has stopped its server ends by itself", async () => {
  await using home = await temporaryFolder();
  const script = join(import.meta.dirname, "start-and-stop.ts");
  const env = { ...process.env, PREFECT_HOME: home.path, PREFECT_SERVER_API_PORT: String(await freePort()) };
  const child = spawn(process.execPath, [script], { env, stdio: ["ignore", "ignore", "inherit"] });
  expect(await once(child, "exit")).toEqual([0, null]);
});
