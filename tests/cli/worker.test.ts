import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient } from "../../src/client/client.ts";
import type { RunningServer } from "../../src/server/main.ts";
import { startTestServer } from "../../src/testing/test-server.ts";
import { countProcesses } from "../support/count-processes.ts";
import { freePort, stopProcess, type TemporaryFolder, temporaryFolder, waitUntil } from "../support/disposable.ts";
import { runCommand, startCommand } from "../support/prefect-cli.ts";

const NOWHERE = "http://127.0.0.1:9/api";

let server: RunningServer;
let client: Client;
let home: TemporaryFolder;
beforeAll(async () => {
  server = await startTestServer();
  client = createClient({ apiUrl: server.apiUrl });
  home = await temporaryFolder();
  await client.workPools.create({ name: "pushed", type: "ecs:push" });
  await client.workPools.create({ name: "agents", type: "prefect-agent" });
  await client.workPools.create({ name: "containers", type: "docker" });
});
afterAll(async () => {
  client?.[Symbol.dispose]();
  await server?.stop();
  await home?.[Symbol.asyncDispose]();
});

const options = (apiUrl: string, env: Readonly<Record<string, string>> = {}) => ({
  home: home.path,
  env: { PREFECT_API_URL: apiUrl, PREFECT_WORKER_QUERY_SECONDS: "1", ...env },
});

/** A run of a pool of its own, whose process is `command`. */
async function scheduleRun(pool: string, command: string) {
  const packages = await client.collections.workers();
  const base_job_template = packages.prefect?.process?.default_base_job_configuration ?? {};
  await client.workPools.create({ name: pool, type: "process", base_job_template });
  const flow = await client.flows.create({ name: "worked" });
  const deployment = await client.deployments.create({
    name: pool,
    flow_id: flow.id,
    entrypoint: "flows.ts:worked",
    work_pool_name: pool,
    job_variables: { command },
  });
  return await client.deployments.createFlowRun(deployment.id);
}

test.each([
  { why: "without a pool", args: [], said: "Missing required option '--pool' / '-p'." },
  { why: "for a push pool", args: ["-p", "pushed"], said: "Workers are not required for push" },
  { why: "for a pool of agents", args: ["-p", "agents"], said: "'prefect-agent'" },
  { why: "for a type that is not there", args: ["-p", "containers"], said: "no worker for pools of the type 'docker'" },
  { why: "with a name that no address can hold", args: ["-p", "new", "-n", "a/b"], said: "may not contain '/'" },
  { why: "with a policy that is none", args: ["-p", "new", "--install-policy", "maybe"], said: "--install-policy" },
  { why: "with a template that is not there", args: ["-p", "new", "--base-job-template", "no.json"], said: "no.json" },
])("no worker is started $why", async ({ args, said }) => {
  const { code, stderr } = await runCommand(["worker", "start", ...args], options(server.apiUrl));

  expect(stderr).toContain(said);
  expect(code).toBe(1);
});

test("without a type a worker needs the API, to know what to start", async () => {
  const { code, stderr } = await runCommand(["worker", "start", "-p", "any"], options(NOWHERE));

  expect(stderr).toContain("The type of the work pool 'any' cannot be determined");
  expect(code).toBe(1);
});

test("--run-once carries out what is due, and ends", async () => {
  const run = await scheduleRun("once", "sh -c 'exit 7'");

  const { code, stdout } = await runCommand(
    ["worker", "start", "-p", "once", "-n", "brief", "--run-once"],
    options(server.apiUrl),
  );

  expect(code).toBe(0);
  expect(stdout.split("\n").slice(0, 2)).toEqual([
    "Discovered type 'process' for work pool 'once'.",
    "Worker 'brief' started!",
  ]);
  expect(stdout).toContain("Worker 'brief' stopped!");
  expect((await client.flowRuns.read(run.id)).state).toMatchObject({
    type: "CRASHED",
    message: expect.stringContaining("status code: 7."),
  });
  const said = await client.events.list({ event: { prefix: ["prefect.worker."] } });
  expect(said.events.map(({ event }) => event).toSorted()).toEqual([
    "prefect.worker.executed-flow-run",
    "prefect.worker.started",
    "prefect.worker.stopped",
    "prefect.worker.submitted-flow-run",
  ]);
});

test("a paused pool is told of, and nothing is taken from it", async () => {
  const run = await scheduleRun("paused", "true");
  await client.workPools.update("paused", { is_paused: true });

  const { stderr } = await runCommand(["worker", "start", "-p", "paused", "--run-once"], options(server.apiUrl));

  expect(stderr).toContain("The work pool 'paused' is paused.");
  expect((await client.flowRuns.read(run.id)).state_type).toBe("SCHEDULED");
});

test("a pool is not made when that is not wished", async () => {
  const args = ["worker", "start", "-p", "absent", "--no-create-pool-if-not-found", "--run-once"];

  const { stderr } = await runCommand(args, options(server.apiUrl));

  expect(stderr).toContain("There is no such work pool");
  await expect(client.workPools.read("absent")).rejects.toThrow("404");
});

test("a worker that is told to stop twice ends its runs; it says how it is while it works", async () => {
  const seconds = `300.${process.pid}`;
  const run = await scheduleRun("forced", `sh -c 'sleep ${seconds} & wait'`);
  const port = await freePort();
  const env = { PREFECT_WORKER_WEBSERVER_PORT: String(port), PREFECT_WORKER_WEBSERVER_HOST: "127.0.0.1" };
  const worker = startCommand(
    ["worker", "start", "-p", "forced", "--with-healthcheck", "--limit", "1"],
    options(server.apiUrl, env),
  );
  const stopped = once(worker, "exit");
  let output = "";
  worker.stdout?.on("data", (chunk) => (output += chunk));
  try {
    await waitUntil("the run", async () => (await countProcesses(`sleep ${seconds}`)) > 0);
    const health = await fetch(`http://127.0.0.1:${port}/health`);
    expect([health.status, await health.json()]).toEqual([200, { message: "OK" }]);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    worker.kill("SIGTERM");
    await waitUntil("the first answer", () => output.includes("Waiting for the flow runs"));

    worker.kill("SIGTERM");

    expect(await stopped).toEqual([0, null]);
    expect((await client.flowRuns.read(run.id)).state).toMatchObject({ type: "CRASHED" });
    expect(await countProcesses(`sleep ${seconds}`)).toBe(0);
  } finally {
    await stopProcess(worker, "SIGKILL");
  }
});

test("what a killed worker could not say of its runs, the next one says", async () => {
  const seconds = `301.${process.pid}`;
  const run = await scheduleRun("left", `sh -c 'sleep ${seconds} & wait'`);
  const worker = startCommand(["worker", "start", "-p", "left"], options(server.apiUrl));
  await waitUntil("the run", async () => (await countProcesses(`sleep ${seconds}`)) > 0);
  await stopProcess(worker, "SIGKILL");
  await waitUntil("the end of the run", async () => (await countProcesses(`sleep ${seconds}`)) === 0);
  expect((await client.flowRuns.read(run.id)).state_type).toBe("PENDING");

  await runCommand(["worker", "start", "-p", "left", "--run-once"], options(server.apiUrl));

  expect((await client.flowRuns.read(run.id)).state).toMatchObject({
    type: "CRASHED",
    message: "The worker that carried the flow run out was killed.",
  });
});
