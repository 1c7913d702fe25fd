import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { createClient } from "../../src/client/client.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { claimFlowRun } from "../../src/runner/claim-flow-run.ts";
import { openControlChannel } from "../../src/runner/control-channel.ts";
import { type StopReason, startRunner } from "../../src/runner/runner.ts";
import { executeInChild } from "../../src/sdk/deployments/execute-in-child.ts";
import { findDueRuns } from "../../src/sdk/deployments/find-due-runs.ts";
import { clock } from "../../src/sdk/now.ts";
import { stopProcess, waitUntil } from "../support/disposable.ts";
import { type Api, forEachApi } from "./api.ts";

const ROOT = join(import.meta.dirname, "../..");
const FLOWS = "tests/sdk/fixtures/flows.ts";

interface Script extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

function runScript(...args: readonly string[]): Script {
  const child = spawn(process.execPath, ["--conditions=development", FLOWS, ...args], { cwd: ROOT, env: process.env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const ended = new Promise<Awaited<Script["ended"]>>((resolve) =>
    child.once("exit", (code, signal) => resolve({ code, signal })),
  );
  return { child, output: () => output, ended, [Symbol.asyncDispose]: () => stopProcess(child, "SIGKILL") };
}

const running = (api: Api, flowName: string) =>
  waitUntil(`a running run of ${flowName}`, async () => {
    const run = await api.readRun(flowName).catch(() => undefined);
    return run?.state_name === "Running" && run;
  });

/** A deployment of a flow of the fixtures and one run of it, due now. */
async function scheduleRun({ client }: Api, name: string, parameters: object = {}) {
  const flow = await client.flows.create({ name });
  const entrypoint = `${FLOWS}:${name}`;
  const deployment = await client.deployments.create({ name: "child", flow_id: flow.id, entrypoint, path: "." });
  return { deployment, run: await client.deployments.createFlowRun(deployment.id, { parameters }) };
}

forEachApi((api) => {
  describe("a script", () => {
    test("ends by itself when its flow has", async () => {
      await using script = runScript("twice");

      expect(await script.ended).toEqual({ code: 0, signal: null });
      expect(script.output()).toContain("42\n");
      expect((await api.readTaskRuns(await api.readRun("twice"), 1))[0]?.state_name).toBe("Completed");
    });

    test.each(["SIGTERM", "SIGINT"] as const)(
      "that gets a %s leaves its run CRASHED and ends by that signal",
      async (signal) => {
        await using script = runScript("endless");
        const run = await running(api, "endless");

        script.child.kill(signal);

        expect(await script.ended).toEqual({ code: null, signal });
        expect((await api.client.flowRuns.read(run.id)).state).toMatchObject({
          type: "CRASHED",
          message: expect.stringMatching(/^Execution was aborted by an? (termination|interrupt) signal\.$/),
        });
      },
    );

    test("that serves a flow registers it, carries out its runs and pauses it at the end", async () => {
      vi.stubEnv("PREFECT_RUNNER_POLL_FREQUENCY", "1");
      await using script = runScript("serve");
      await waitUntil("the start", () => script.output().includes("being served"));
      const deployment = await api.client.deployments.readByName("twice", "served");
      const { id } = await api.client.deployments.createFlowRun(deployment.id, { parameters: { n: 4 } });

      const ended = await waitUntil("the run", async () => {
        const run = await api.client.flowRuns.read(id);
        return run.state_type === "COMPLETED" && run;
      });
      script.child.kill("SIGTERM");

      expect(deployment).toMatchObject({ entrypoint: `${FLOWS}:twice`, tags: ["a"], paused: false });
      expect(deployment.parameter_openapi_schema).toMatchObject({ required: ["n"] });
      expect(ended.parameters).toEqual({ n: 4 });
      expect((await script.ended).code).toBe(0);
      expect((await api.client.deployments.read(deployment.id)).paused).toBe(true);
    });
  });

  describe("a run in a child process", () => {
    const carryOut = async (name: string, stop = new AbortController().signal) => {
      await using control = await openControlChannel();
      const { run } = await scheduleRun(api, name);
      using client = createClient({ apiUrl: api.client.http.apiUrl });
      await claimFlowRun(client, run);
      await executeInChild(run, { client, control, cwd: ROOT, stop });
      return (await api.client.flowRuns.read(run.id)).state;
    };

    test("whose process dies is CRASHED with the reason", async () => {
      expect(await carryOut("killed")).toMatchObject({
        type: "CRASHED",
        message: expect.stringContaining("Process exited with status code: -9."),
      });
    });

    test("whose code cannot be loaded is CRASHED", async () => {
      expect(await carryOut("missing")).toMatchObject({
        type: "CRASHED",
        message: expect.stringContaining("status code: 1."),
      });
    });

    test("is cancelled from outside, with its hooks", async () => {
      const controller = new AbortController();
      const ended = carryOut("endless", controller.signal);
      await running(api, "endless");

      controller.abort("cancelled" satisfies StopReason);

      expect(await ended).toMatchObject({ type: "CANCELLED" });
      const run = await api.readRun("endless");
      expect(await api.readStates(run)).toEqual(["Scheduled", "Pending", "Running", "Cancelling", "Cancelled"]);
    });
  });

  test("a runner takes due runs once, each, and cancels those the API wants cancelled", async () => {
    const taken: string[] = [];
    const first = await scheduleRun(api, "twice", { n: 1 });
    const second = await api.client.deployments.createFlowRun(first.deployment.id, { parameters: { n: 2 } });
    await using runner = startRunner({
      client: api.client,
      clock,
      findDue: findDueRuns(api.client, () => [first.deployment.id]),
      pollSeconds: 0.05,
      limit: 2,
      log: silentLogger,
      execute: async (run, signal) => {
        taken.push(run.id);
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      },
    });
    await waitUntil("both runs", () => taken.length === 2);

    await api.client.flowRuns.setState(second.id, { type: "CANCELLING" });
    await waitUntil("the cancellation", () => !runner.active.has(second.id));

    expect(taken.toSorted()).toEqual([first.run.id, second.id].toSorted());
    expect([...runner.active]).toEqual([first.run.id]);
  });
});
