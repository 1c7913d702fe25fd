import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client, createClient } from "../../src/client/client.ts";
import { startTestServer } from "../../src/testing/test-server.ts";
import { countProcesses } from "../support/count-processes.ts";
import { waitUntil } from "../support/disposable.ts";
import { openWay } from "../support/open-way.ts";
import { startReference } from "../support/reference.ts";
import { missing } from "../support/require.ts";
import { deploy, ended, inState, startWorkerProcess, type WorkerProcess } from "./workers/worker-process.ts";

const TIMEOUT_MS = 120_000;
const servers = {
  "our server": () => startTestServer({ services: true }),
  "the reference": () => startReference(),
};
/** What a server has no part in is tried with ours only. */
const onceOnly = (name: string) => name !== "our server";

/** A number of seconds to sleep that no other process has. */
const newMark = () => `300.${randomUUID().replace(/\D/g, "").slice(0, 9)}`;

describe.skipIf(missing("reference-3.9.1"))("workers", { timeout: TIMEOUT_MS }, () => {
  describe.each(Object.entries(servers))("of ours on %s", (name, start) => {
    let server: AsyncDisposable & { readonly apiUrl: string };
    let client: Client;
    let worker: WorkerProcess;
    beforeAll(async () => {
      server = await start();
      client = createClient({ apiUrl: server.apiUrl });
      worker = await startWorkerProcess({ apiUrl: server.apiUrl, pool: "mixed", args: ["--name", "the one"] });
      await waitUntil("the pool", () => client.workPools.read("mixed").catch(() => undefined));
    }, TIMEOUT_MS);
    afterAll(async () => {
      await worker?.[Symbol.asyncDispose]();
      client?.[Symbol.dispose]();
      await server?.[Symbol.asyncDispose]();
    });

    const trigger = async (flow: string, parameters: object = {}) => {
      const deployment = await deploy(client, "mixed", { flow, job: { env: { SAID: "yes" } } });
      return (await client.deployments.createFlowRun(deployment, { parameters })).id;
    };

    test.each(["python-quick", "typescript-quick"])("run %s, and say so", async (flow) => {
      const run = await ended(client, await trigger(flow, { n: 3 }));

      expect(run.state).toMatchObject({ type: "COMPLETED" });
      expect(run.infrastructure_pid).toMatch(/^\d+$/);
      expect(run.labels).toMatchObject({ "prefect.worker.name": "the one", "prefect.work-pool.name": "mixed" });
      const states = (await client.flowRuns.states(run.id)).map(({ name }) => name);
      expect(states).toEqual(["Scheduled", "Pending", "Submitting", "Running", "Completed"]);
      const filter = { event: { prefix: ["prefect.worker."] }, related: { id: [`prefect.flow-run.${run.id}`] } };
      const events = await waitUntil("the events", async () => {
        const found = (await client.events.list(filter)).events.map(({ event }) => event);
        return found.length === 2 && found;
      });
      expect(events.toSorted()).toEqual(["prefect.worker.executed-flow-run", "prefect.worker.submitted-flow-run"]);
      await waitUntil("what it said", async () => {
        const logs = await client.logs.list({ logs: { flow_run_id: { any_: [run.id] } } });
        return logs.some(({ message }) => message === "the environment says yes");
      });
    });

    test.each(["python-slow", "typescript-slow"])("cancel %s with all that it has started", async (flow) => {
      const mark = newMark();
      const id = await trigger(flow, { mark });
      await waitUntil("its processes", async () => (await countProcesses(`sleep ${mark}`)) >= 2, { timeoutMs: 60_000 });

      await client.flowRuns.setState(id, { type: "CANCELLING", name: "Cancelling" });

      expect((await ended(client, id)).state).toMatchObject({ type: "CANCELLED" });
      await waitUntil("the end of its processes", async () => (await countProcesses(`sleep ${mark}`)) === 0);
    });

    test("cancel what is not running yet", async () => {
      const mark = newMark();
      const job = { command: `sh -c 'sleep ${mark} & wait'` };
      const deployment = await deploy(client, "mixed", { flow: "typescript-slow", job, name: "pending" });
      const { id } = await client.deployments.createFlowRun(deployment, { parameters: { mark } });
      await inState(client, id, (run) => run.infrastructure_pid !== null);

      await client.flowRuns.setState(id, { type: "CANCELLING", name: "Cancelling" });

      expect((await ended(client, id)).state).toMatchObject({ type: "CANCELLED" });
      await waitUntil("the end of its processes", async () => (await countProcesses(`sleep ${mark}`)) === 0);
    });

    test.skipIf(onceOnly(name))("leave the run of a killed process CRASHED", async () => {
      const job = { command: "sh -c 'kill -9 $$'" };
      const deployment = await deploy(client, "mixed", { flow: "typescript-quick", job, name: "killed" });

      const run = await ended(client, (await client.deployments.createFlowRun(deployment)).id);

      expect(run.state).toMatchObject({
        type: "CRASHED",
        message: expect.stringContaining("Process exited with status code: -9."),
      });
    });

    test.skipIf(onceOnly(name)).each(["python-slow", "typescript-slow"])(
      "that are killed take %s along",
      async (flow) => {
        const mark = newMark();
        const pool = `killed-${flow}`;
        await using killed = await startWorkerProcess({ apiUrl: server.apiUrl, pool, args: ["--type", "process"] });
        await waitUntil("the pool", () => client.workPools.read(pool).catch(() => undefined));
        const deployment = await deploy(client, pool, { flow, name: "orphaned" });
        const { id } = await client.deployments.createFlowRun(deployment, { parameters: { mark } });
        await waitUntil("its processes", async () => (await countProcesses(`sleep ${mark}`)) >= 2, {
          timeoutMs: 60_000,
        });

        killed.child.kill("SIGKILL");

        expect((await ended(client, id)).state).toMatchObject({ type: "CRASHED" });
        await waitUntil("the end of its processes", async () => (await countProcesses(`sleep ${mark}`)) === 0);
      },
    );

    test.skipIf(onceOnly(name))("go on when the API was away", async () => {
      using way = await openWay(server.apiUrl);
      await using _far = await startWorkerProcess({ apiUrl: way.apiUrl, pool: "far", args: ["--type", "process"] });
      await waitUntil("the pool", () => client.workPools.read("far").catch(() => undefined));
      const mark = newMark().replace("300", "2");
      const job = { command: `sh -c 'sleep ${mark}; exit 3'` };
      const deployment = await deploy(client, "far", { flow: "typescript-quick", job, name: "away" });
      const { id } = await client.deployments.createFlowRun(deployment);
      await inState(client, id, (run) => run.infrastructure_pid !== null);

      way.cut();
      await waitUntil("the end of the process", async () => (await countProcesses(`sleep ${mark}`)) === 0);
      // Its end has nobody to be told to; later it has.
      expect((await client.flowRuns.read(id)).state).toMatchObject({ type: "PENDING" });
      way.restore();

      expect((await ended(client, id)).state).toMatchObject({
        type: "CRASHED",
        message: expect.stringContaining("status code: 3."),
      });
      const next = await client.deployments.createFlowRun(deployment);
      expect((await ended(client, next.id)).state).toMatchObject({ type: "CRASHED" });
    });

    test.skipIf(onceOnly(name))("let what is under way end when they are told to stop", async () => {
      await using stopped = await startWorkerProcess({
        apiUrl: server.apiUrl,
        pool: "drained",
        args: ["-t", "process"],
      });
      await waitUntil("the pool", () => client.workPools.read("drained").catch(() => undefined));
      const job = { command: "sh -c 'sleep 2; exit 4'" };
      const deployment = await deploy(client, "drained", { flow: "typescript-quick", job, name: "drained" });
      const { id } = await client.deployments.createFlowRun(deployment);
      await inState(client, id, (run) => run.infrastructure_pid !== null);

      stopped.child.kill("SIGTERM");

      await waitUntil("its end", () => stopped.child.exitCode !== null);
      expect(stopped.child.exitCode).toBe(0);
      const { state } = await client.flowRuns.read(id);
      expect(state?.message).toContain("status code: 4.");
    });
  });

  describe.each(["3.9.1", "3.1.7"] as const)("of Python %s", (version) => {
    test.skipIf(missing(`reference-${version}`))("run a Python deployment on our server", async () => {
      await using server = await startTestServer({ services: true });
      using client = createClient({ apiUrl: server.apiUrl });
      const args = ["--type", "process"];
      await using worker = await startWorkerProcess({
        apiUrl: server.apiUrl,
        pool: "theirs",
        args,
        reference: version,
      });
      await waitUntil("the pool", () => client.workPools.read("theirs").catch(() => undefined));
      const deployment = await deploy(client, "theirs", { flow: "python-quick" });

      const run = await ended(client, (await client.deployments.createFlowRun(deployment)).id);

      expect(run.state, worker.output()).toMatchObject({ type: "COMPLETED" });
    });
  });
});
