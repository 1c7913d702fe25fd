import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Clock } from "../../src/kit/clock.ts";
import { timestampFromMs } from "../../src/kit/timestamp.ts";
import type { RunningServer } from "../../src/server/main.ts";
import { runLeases } from "../../src/server/services/run-leases.ts";
import { stopProcess, temporaryFolder, waitUntil } from "../support/disposable.ts";
import { forEachServer } from "../support/for-each-server.ts";
import { cleanEnvironment } from "../support/python.ts";
import { type ReferenceVersion, referencePython } from "../support/reference-paths.ts";
import { missing } from "../support/require.ts";

const ROOT = join(import.meta.dirname, "../..");
const TICK_SECONDS = 20;
const TERM_SECONDS = 600;

/** A flow with a subflow whose task never ends. */
const PYTHON = `
import time
from prefect import flow, task

@task
def wait():
    time.sleep(600)

@flow
def inner():
    wait()

@flow
def outer():
    inner()

outer()
`;

/** The system's clock, and some more. */
function aheadOfTime(): Clock & { pass(seconds: number): void } {
  let aheadMs = 0;
  const nowMs = () => Date.now() + aheadMs;
  return {
    nowMs,
    now: () => timestampFromMs(nowMs()),
    pass(seconds) {
      aheadMs += seconds * 1000;
    },
  };
}

type Row = Readonly<Record<"state_type" | "state_name", string | null>>;

const readRuns = ({ ctx }: RunningServer): Promise<readonly Row[]> =>
  ctx.db.read.selectFrom("flow_run").select(["state_type", "state_name"]).execute();
const readTaskRuns = ({ ctx }: RunningServer): Promise<readonly Row[]> =>
  ctx.db.read.selectFrom("task_run").select(["state_type", "state_name"]).execute();

async function countLeases({ ctx }: RunningServer): Promise<number> {
  return (await ctx.db.read.selectFrom("prefect_ts_run_lease").select("id").execute()).length;
}

/** A term passes, with the server up; for most of it nothing changes. */
async function passTerm(server: RunningServer, clock: ReturnType<typeof aheadOfTime>): Promise<void> {
  const before = await readRuns(server);
  for (let passed = 0; passed < TERM_SECONDS; passed += TICK_SECONDS) {
    if (passed < TERM_SECONDS / 2) expect(await readRuns(server)).toEqual(before);
    clock.pass(TICK_SECONDS);
    await runLeases.tick(server.ctx);
  }
}

const areRunning = (rows: readonly Row[], count: number) =>
  rows.length === count && rows.every((row) => row.state_type === "RUNNING");

forEachServer((start) => {
  describe("a flow whose process is killed", () => {
    test.each<{ version: ReferenceVersion; leases: number; ends: string }>([
      { version: "3.9.1", leases: 2, ends: "CRASHED" },
      { version: "3.8.8", leases: 2, ends: "CRASHED" },
      { version: "3.1.7", leases: 0, ends: "RUNNING" },
    ])("of Python's client $version is $ends, with its subflow and its tasks", { timeout: 90_000 }, async (client) => {
      if (missing(`reference-${client.version}`)) return;
      const clock = aheadOfTime();
      await using server = await start({ clock });
      await using home = await temporaryFolder();
      const env = cleanEnvironment({ PREFECT_HOME: home.path, PREFECT_API_URL: server.apiUrl });
      const child = spawn(referencePython(client.version), ["-c", PYTHON], { env, stdio: "ignore" });

      // One task run stands for the subflow, the other is the subflow's.
      const isAtWork = async () =>
        areRunning(await readRuns(server), 2) &&
        areRunning(await readTaskRuns(server), 2) &&
        (await countLeases(server)) === client.leases;
      await waitUntil("everything runs", isAtWork, { timeoutMs: 60_000 });
      await stopProcess(child, "SIGKILL");
      await passTerm(server, clock);

      const ended = { state_type: client.ends };
      expect(await readRuns(server)).toMatchObject([ended, ended]);
      expect(await readTaskRuns(server)).toMatchObject([ended, ended]);
      expect(await countLeases(server)).toBe(0);
    });

    test("of TypeScript is CRASHED", { timeout: 60_000 }, async () => {
      const clock = aheadOfTime();
      await using server = await start({ clock });
      const env = cleanEnvironment({ PREFECT_API_URL: server.apiUrl });
      const script = ["--conditions=development", "tests/sdk/fixtures/flows.ts", "endless"];
      const child = spawn(process.execPath, script, { cwd: ROOT, env, stdio: "ignore" });
      await waitUntil("a heartbeat", async () => (await countLeases(server)) === 1);

      await stopProcess(child, "SIGKILL");
      await passTerm(server, clock);

      expect(await readRuns(server)).toMatchObject([{ state_type: "CRASHED", state_name: "Crashed" }]);
    });
  });
});
