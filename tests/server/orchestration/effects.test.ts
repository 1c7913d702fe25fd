import { describe, expect, test } from "vitest";
import type { BackgroundTask } from "../../../src/server/background-tasks.ts";
import type { RunningServer } from "../../../src/server/main.ts";
import { startTestServer } from "../../../src/testing/test-server.ts";
import { postgresUrl } from "../../support/postgres.ts";
import { missing } from "../../support/require.ts";

// biome-ignore lint/suspicious/noExplicitAny: bodies of any operation
type Body = any;

function client({ apiUrl }: RunningServer) {
  const send = async (method: string, path: string, more: RequestInit = {}): Promise<Body> =>
    (await fetch(`${apiUrl}${path}`, { method, ...more })).json();
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    send("POST", path, { body: JSON.stringify(body), headers: { "content-type": "application/json", ...headers } });
  const flowRun = async (fields: object = {}): Promise<Body> => {
    const { id: flow_id } = await post("/flows/", { name: "a-flow" });
    return post("/flow_runs/", { flow_id, ...fields });
  };
  return {
    get: (path: string) => send("GET", path),
    post,
    flowRun,
    set: (path: string, state: object, headers: Record<string, string> = {}) =>
      post(`${path}/set_state`, { state }, headers),
    /** A deployment with so many slots, and a run of it for each name. */
    async deploymentRuns(concurrency_limit: number, names: readonly string[]): Promise<readonly Body[]> {
      const { id: flow_id } = await post("/flows/", { name: "a-flow" });
      const { id: deployment_id } = await post("/deployments/", { name: "d", flow_id, concurrency_limit });
      const state = { type: "SCHEDULED" };
      return Promise.all(names.map((name) => post("/flow_runs/", { flow_id, deployment_id, name, state })));
    },
    async slots(): Promise<number> {
      const [limit] = await post("/v2/concurrency_limits/filter", {});
      return limit.active_slots;
    },
  };
}

const CURRENT = { "user-agent": "prefect/3.9.1 (API 0.8.4)" };

describe.each(["sqlite", "postgresql"] as const)("what decisions ask for, on %s", (database) => {
  const lacks = database === "postgresql" && missing("postgresql");
  const start = () => startTestServer({ database, postgresUrl: postgresUrl() });

  test.skipIf(lacks)("of ten runs submitted at once, as many as there are slots become PENDING", async () => {
    await using server = await start();
    const api = client(server);
    const runs = await api.deploymentRuns(
      3,
      Array.from({ length: 10 }, (_, index) => `run ${index}`),
    );

    const answers = await Promise.all(runs.map(({ id }) => api.set(`/flow_runs/${id}`, { type: "PENDING" }, CURRENT)));

    const names = answers.map(({ state }) => state.name).toSorted();
    expect(names).toEqual([...Array(7).fill("AwaitingConcurrencySlot"), "Pending", "Pending", "Pending"]);
    expect(await api.slots()).toBe(3);
    expect(await server.ctx.db.read.selectFrom("prefect_ts_lease").select("id").execute()).toHaveLength(3);
  });

  test.skipIf(lacks)("a client that cannot renew its lease keeps the slot without one until the run ends", async () => {
    await using server = await start();
    const api = client(server);
    const [run] = await api.deploymentRuns(1, ["one"]);
    const old = { "user-agent": "prefect/3.1.7 (API 0.8.4)" };

    await api.set(`/flow_runs/${run.id}`, { type: "PENDING" }, old);
    await api.set(`/flow_runs/${run.id}`, { type: "RUNNING" }, old);
    const leases = await server.ctx.db.read.selectFrom("prefect_ts_lease").select("id").execute();
    const slotsWhileRunning = await api.slots();
    await api.set(`/flow_runs/${run.id}`, { type: "COMPLETED" }, old);

    expect(leases).toEqual([]);
    expect(slotsWhileRunning).toBe(1);
    expect(await api.slots()).toBe(0);
  });

  test.skipIf(lacks)("a subflow's states are mirrored onto the task run that stands for it", async () => {
    await using server = await start();
    const api = client(server);
    const parent = await api.flowRun({ state: { type: "RUNNING" } });
    const task = await api.post("/task_runs/", { flow_run_id: parent.id, task_key: "child", dynamic_key: "0" });
    const child = await api.flowRun({ parent_task_run_id: task.id });

    await api.set(`/flow_runs/${child.id}`, { type: "RUNNING" });
    await api.set(`/flow_runs/${child.id}`, { type: "FAILED", message: "no" });

    const mirrored = await api.get(`/task_runs/${task.id}`);
    const states = await api.get(`/task_run_states/?task_run_id=${task.id}`);
    expect(mirrored).toMatchObject({ state_type: "FAILED", run_count: 1, state: { message: "no" } });
    expect(mirrored.state.state_details).toMatchObject({ child_flow_run_id: child.id, task_run_id: task.id });
    expect(states.map(({ type }: Body) => type)).toEqual(["PENDING", "PENDING", "RUNNING", "FAILED"]);
  });

  test.skipIf(lacks)("a retry asked for by a client before API 0.8.3 resets the failed task runs", async () => {
    await using server = await start();
    const api = client(server);
    const run = await api.flowRun({ state: { type: "RUNNING" }, empirical_policy: { retries: 2, retry_delay: 5 } });
    const task = await api.post("/task_runs/", { flow_run_id: run.id, task_key: "t", dynamic_key: "0" });
    for (const type of ["RUNNING", "FAILED"]) await api.set(`/task_runs/${task.id}`, { type });

    await api.set(`/flow_runs/${run.id}`, { type: "FAILED" }, { "x-prefect-api-version": "0.8.2" });

    const retried = await api.get(`/task_runs/${task.id}`);
    expect(retried).toMatchObject({
      state_type: "SCHEDULED",
      state_name: "AwaitingRetry",
      run_count: 0,
      end_time: null,
    });
  });

  test.skipIf(lacks)("a pause that asks for input forgets the answers of an earlier attempt", async () => {
    await using server = await start();
    const api = client(server);
    const run = await api.flowRun({ state: { type: "RUNNING" } });
    const keyset = { schema: "p-schema", response: "p-response", description: "p-description" };
    for (const key of ["p-schema", "p-response", "other"]) {
      await api.post(`/flow_runs/${run.id}/input`, { key, value: "1" });
    }

    await api.set(`/flow_runs/${run.id}`, {
      type: "PAUSED",
      state_details: { pause_key: "p", run_input_keyset: keyset },
    });

    const left = await api.post(`/flow_runs/${run.id}/input/filter`, { prefix: "", limit: 10 });
    expect(left.map(({ key }: Body) => key)).toEqual(["other"]);
  });

  test.skipIf(lacks)(
    "a background task is announced once its state is committed, retries by their own name",
    async () => {
      await using server = await start();
      const api = client(server);
      const announced: BackgroundTask[] = [];
      server.ctx.backgroundTasks.subscribe((task) => announced.push(task));
      const state_details = { deferred: true };

      const { id } = await api.post("/task_runs/", {
        task_key: "bg",
        dynamic_key: "0",
        empirical_policy: { retries: 1 },
        state: { type: "SCHEDULED", state_details },
      });
      await api.set(`/task_runs/${id}`, { type: "PENDING", state_details });
      await api.set(`/task_runs/${id}`, { type: "SCHEDULED", name: "AwaitingRetry", state_details });

      // The first state is forced, but deferred states keep their policy.
      expect(announced).toEqual([
        { queue: "scheduled", taskKey: "bg", taskRunId: id },
        { queue: "retry", taskKey: "bg", taskRunId: id },
      ]);
    },
  );

  test.skipIf(lacks)("deleting a run that occupies a slot gives it back once", async () => {
    await using server = await start();
    const api = client(server);
    const [run] = await api.deploymentRuns(2, ["one"]);
    await api.set(`/flow_runs/${run.id}`, { type: "PENDING" }, CURRENT);

    const statuses = await Promise.all(
      [1, 2].map(async () => (await fetch(`${server.apiUrl}/flow_runs/${run.id}`, { method: "DELETE" })).status),
    );

    expect(statuses.toSorted()).toEqual([204, 404]);
    expect(await api.slots()).toBe(0);
    expect(await server.ctx.db.read.selectFrom("prefect_ts_lease").select("id").execute()).toEqual([]);
  });

  test.skipIf(lacks)("two clients that create the same task run at once get the same one", async () => {
    await using server = await start();
    const api = client(server);
    const run = await api.flowRun({ state: { type: "RUNNING" }, labels: { team: "red" } });
    const task = { flow_run_id: run.id, task_key: "t", dynamic_key: "0", labels: { mine: 1 } };

    const made = await Promise.all([api.post("/task_runs/", task), api.post("/task_runs/", task)]);

    expect(made[0].id).toBe(made[1].id);
    expect(made[0].labels).toMatchObject({ team: "red", mine: 1, "prefect.flow-run.id": run.id });
  });
});
