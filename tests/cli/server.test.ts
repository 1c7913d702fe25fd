import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { services } from "../../src/server/services/all.ts";
import { allSettings } from "../../src/settings/index.ts";
import { freePort, temporaryFolder } from "../support/disposable.ts";
import { runCommand } from "../support/prefect-cli.ts";

test("a server in the background is started, asked, used and stopped", async () => {
  await using home = await temporaryFolder();
  const port = await freePort();
  const env = { PREFECT_API_URL: `http://127.0.0.1:${port}/api` };
  const prefect = (...args: string[]) => runCommand(args, { home: home.path, env });
  const pidFile = join(home.path, "server.pid");

  expect(await prefect("server", "status", "-o", "json")).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('"status": "unavailable"'),
  });
  const started = await prefect("server", "start", "--background", "--port", String(port));
  try {
    expect(started).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`PREFECT_API_URL=${env.PREFECT_API_URL}`),
    });
    expect(statSync(pidFile).mode & 0o777).toBe(0o600);
    const [again, status, flow, noFlow] = await Promise.all([
      prefect("server", "start", "-b", "--port", String(port)),
      prefect("server", "status", "--wait", "-o", "json"),
      prefect("api", "post", "/flows/", "--data", '{"name": "hello"}'),
      prefect("api", "get", "flows/01a2046c-0085-7000-a04d-5f6380de8450"),
    ]);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining("already running") });
    expect(JSON.parse(status.stdout)).toEqual({
      status: "available",
      api_url: env.PREFECT_API_URL,
      server_version: expect.any(String),
    });
    expect(JSON.parse(flow.stdout)).toMatchObject({ name: "hello" });
    expect(noFlow.code).toBe(4);
  } finally {
    expect(await prefect("server", "stop")).toMatchObject({ code: 0, stdout: "Server stopped!\n" });
  }
  expect(existsSync(pidFile)).toBe(false);
  expect(readFileSync(join(home.path, "server.log"), "utf8")).toContain("Server stopped!");
  expect(await prefect("server", "stop")).toMatchObject({ code: 0, stdout: "No server running in the background.\n" });
}, 60_000);

test("services run in a process of their own, once, until they are stopped", async () => {
  await using home = await temporaryFolder();
  const prefect = (...args: string[]) => runCommand(["server", "services", ...args], { home: home.path });

  expect(await prefect("start", "-b")).toMatchObject({ code: 0 });
  try {
    expect(existsSync(join(home.path, "services.pid"))).toBe(true);
    expect(existsSync(join(home.path, "prefect.db"))).toBe(true);
    expect(await prefect("start", "-b")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("already running"),
    });
  } finally {
    expect(await prefect("stop")).toMatchObject({ code: 0, stdout: "Services stopped!\n" });
  }
  expect(readFileSync(join(home.path, "services.log"), "utf8")).toContain("Services stopped!");
  expect(await prefect("stop")).toMatchObject({ code: 0 });
}, 60_000);

test("a server that cannot start in the background says why and leaves no PID file", async () => {
  await using home = await temporaryFolder();
  const env = { PREFECT_SERVER_DATABASE_CONNECTION_URL: "mysql://nowhere" };
  const args = ["server", "start", "-b", "--port", String(await freePort())];

  const ended = await runCommand(args, { home: home.path, env });

  expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining("'mysql' is not supported") });
  expect(existsSync(join(home.path, "server.pid"))).toBe(false);
}, 30_000);

test("without an API a command uses a private server on the default database, and an unconfigured profile refuses", async () => {
  await using home = await temporaryFolder();

  const [list, refused] = await Promise.all([
    runCommand(["flow", "ls"], { home: home.path }),
    runCommand(["--profile", "cloud", "flow", "ls"], { home: home.path }),
  ]);

  expect(list).toEqual({ code: 0, stdout: "No flows found.\n", stderr: "" });
  expect(existsSync(join(home.path, "prefect.db"))).toBe(true);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("No API URL is configured") });
}, 30_000);

test("the database is made, emptied and made anew; without --yes and an answer nothing happens", async () => {
  await using home = await temporaryFolder();
  const database = (...args: string[]) => runCommand(["server", "database", ...args], { home: home.path });

  const steps = [await database("upgrade", "-y"), await database("reset", "-y"), await database("reset")];

  expect(steps.map(({ code }) => code)).toEqual([0, 0, 1]);
}, 30_000);

test("every service is listed with the variable that switches it", async () => {
  await using home = await temporaryFolder();
  const env = { PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED: "false", PREFECT_SERVER_RETENTION_FLOW_RUNS: "0" };

  const { stdout } = await runCommand(["server", "services", "ls", "-o", "json"], { home: home.path, env });

  const listed = JSON.parse(stdout) as { name: string; enabled: boolean; environment_variable: string | null }[];
  const enabled = new Map(listed.map((row) => [row.name, row.enabled]));
  expect([...enabled.keys()]).toEqual(expect.arrayContaining(services.map(({ name }) => name)));
  expect([...enabled.keys()]).toEqual(expect.arrayContaining(["TaskRunRecorder", "EventPersister", "Distributor"]));
  expect(enabled).toEqual(new Map([...enabled, ["Scheduler", true], ["FlowRunRetention", false], ["Actions", false]]));
  const names = new Set(allSettings.map(({ name }) => name));
  expect(listed.filter((row) => row.environment_variable !== null && !names.has(row.environment_variable))).toEqual([]);
});
