import { expect, test } from "vitest";
import { uuid7Ids } from "../../../src/kit/ids.ts";
import type { Event } from "../../../src/schemas/event.ts";
import { runLeases } from "../../../src/server/services/run-leases.ts";
import { type Api, createApi } from "../../compare/api.ts";
import { forEachServer } from "../../support/for-each-server.ts";
import { movableClock } from "../../support/movable-clock.ts";

const ids = uuid7Ids(() => Date.now());
/** Of the default lease. */
const TERM = 600;

function heartbeat(runId: string, more: Readonly<Record<string, string>> = {}): Event {
  return {
    id: ids.next(),
    // The client's clock is off.
    occurred: "2001-01-01T00:00:00Z",
    event: "prefect.flow-run.heartbeat",
    resource: { "prefect.resource.id": `prefect.flow-run.${runId}`, ...more },
    related: [],
    payload: {},
    follows: null,
  };
}

const set = (api: Api, runId: string, body: object) => api.post(`/flow_runs/${runId}/set_state`, body);

forEachServer((start) => {
  const open = async () => {
    const clock = movableClock();
    const server = await start({ clock });
    const api = createApi(server.apiUrl);
    const { id: flow_id } = await api.post("/flows/", { name: "f" });
    const { ctx } = server;
    const beat = (runId: string, more = {}) => ctx.ingest.add([heartbeat(runId, more)]);
    const tick = () => runLeases.tick(ctx);
    return {
      ctx,
      api,
      clock,
      beat,
      tick,
      /** Time passes while the server is up. */
      async live(seconds: number) {
        for (let left = seconds; left > 0; left -= 20) {
          clock.pass(Math.min(left, 20));
          expect(await tick()).toBe(0);
        }
      },
      /** A whole term passes: a tick that crashes something ends it. */
      async silence() {
        await this.live(TERM - 20);
        clock.pass(21);
        return await tick();
      },
      async running(more = {}) {
        const { id } = await api.post("/flow_runs/", { flow_id, state: { type: "PENDING" }, ...more });
        await set(api, id, { state: { type: "RUNNING" } });
        return id;
      },
      run: async (id: string) => (await api.get(`/flow_runs/${id}`)).body,
      leases: async () => (await ctx.db.read.selectFrom("prefect_ts_run_lease").selectAll().execute()).length,
      [Symbol.asyncDispose]: () => server.stop(),
    };
  };

  test("a run crashes when its process has sent no heartbeat for a term, with the usual event", async () => {
    await using at = await open();
    const run = await at.running();
    await at.beat(run);
    await at.live(TERM - 20);
    await at.beat(run);
    await at.live(TERM - 20);
    expect(await at.run(run)).toMatchObject({ state_type: "RUNNING" });

    at.clock.pass(21);
    expect(await at.tick()).toBe(1);
    expect(await at.tick()).toBe(0);

    const message = expect.stringContaining("has sent no heartbeat since 2030-01-01T00:09:");
    expect(await at.run(run)).toMatchObject({ state: { type: "CRASHED", name: "Crashed", message } });
    expect(await at.leases()).toBe(0);
    const filter = { event: { name: ["prefect.flow-run.Crashed"] } };
    const { body } = await at.api.post("/events/filter", {
      filter: { ...filter, occurred: { since: at.clock.in(-60) } },
    });
    expect(body).toMatchObject({
      total: 1,
      events: [{ resource: { "prefect.resource.id": `prefect.flow-run.${run}` } }],
    });
  });

  test("a run that has never sent a heartbeat is never crashed", async () => {
    await using at = await open();
    const run = await at.running();
    await at.beat(ids.next());

    await at.live(3 * TERM);

    expect(await at.run(run)).toMatchObject({ state_type: "RUNNING" });
  });

  test("heartbeats after the end, or of an attempt that another has replaced, change nothing", async () => {
    await using at = await open();
    const [ended, retried] = [await at.running(), await at.running()];
    await at.beat(ended);
    await set(at.api, ended, { state: { type: "COMPLETED" } });
    await at.beat(ended);
    await set(at.api, retried, { state: { type: "RUNNING" }, force: true });
    await at.beat(retried, { "prefect.run-count": "1" });
    expect(await at.leases()).toBe(0);

    await at.beat(retried, { "prefect.run-count": "2" });
    await at.live(TERM - 20);
    await at.beat(retried, { "prefect.run-count": "1" });
    at.clock.pass(21);

    expect(await at.tick()).toBe(1);
    expect([await at.run(ended), await at.run(retried)]).toMatchObject([
      { state_type: "COMPLETED" },
      { state_type: "CRASHED" },
    ]);
  });

  test("a run that comes back after it was crashed may still say how it ended", async () => {
    await using at = await open();
    const run = await at.running();
    await at.beat(run);
    expect(await at.silence()).toBe(1);

    await at.beat(run);
    const { body } = await set(at.api, run, { state: { type: "COMPLETED" } });

    expect(body).toMatchObject({ status: "ACCEPT" });
    expect(await at.leases()).toBe(0);
  });

  test("after a time without any server every process has a whole term to be heard again", async () => {
    await using at = await open();
    const [alive, dead] = [await at.running(), await at.running()];
    await at.beat(alive);
    await at.beat(dead);
    await at.tick();

    at.clock.pass(10 * TERM);
    expect(await at.tick()).toBe(0);
    await at.beat(alive);
    await at.live(TERM - 20);
    await at.beat(alive);
    at.clock.pass(21);
    expect(await at.tick()).toBe(1);

    expect([await at.run(alive), await at.run(dead)]).toMatchObject([
      { state_type: "RUNNING" },
      { state_type: "CRASHED" },
    ]);
  });

  test("a process that died while it waited to retry is noticed a term after the retry was due", async () => {
    await using at = await open();
    const run = await at.running({ empirical_policy: { retries: 1, retry_delay: 2 * TERM } });
    await at.beat(run);
    await set(at.api, run, { state: { type: "FAILED" } });
    expect(await at.run(run)).toMatchObject({ state_name: "AwaitingRetry" });

    await at.live(2 * TERM);
    expect(await at.silence()).toBe(1);

    expect(await at.run(run)).toMatchObject({ state_type: "CRASHED" });
  });

  test("a suspended run, and one that is being cancelled, are not crashed", async () => {
    await using at = await open();
    const [suspended, cancelling] = [await at.running(), await at.running()];
    await at.beat(suspended);
    await at.beat(cancelling);
    const pause = { pause_reschedule: true, pause_timeout: at.clock.in(10 * TERM) };
    await set(at.api, suspended, { state: { type: "PAUSED", name: "Suspended", state_details: pause }, force: true });
    await set(at.api, cancelling, { state: { type: "CANCELLING" } });

    await at.live(2 * TERM);

    expect([await at.run(suspended), await at.run(cancelling)]).toMatchObject([
      { state_type: "PAUSED" },
      { state_type: "CANCELLING" },
    ]);
  });

  test("what has not ended in a crashed run crashes with it, except subflows that are alive", async () => {
    await using at = await open();
    const run = await at.running();
    const taskRuns: string[] = [];
    for (let index = 0; index < 205; index++) {
      const task = { flow_run_id: run, task_key: "t", dynamic_key: String(index), state: { type: "RUNNING" } };
      taskRuns.push((await at.api.post("/task_runs/", task)).id);
    }
    const [subflowTask = "", ended = ""] = taskRuns;
    const subflow = await at.running({ parent_task_run_id: subflowTask });
    await at.api.post(`/task_runs/${ended}/set_state`, { state: { type: "COMPLETED" } });
    await at.beat(run);
    await at.live(TERM - 20);
    await at.beat(subflow);

    at.clock.pass(21);
    expect(await at.tick()).toBe(1);

    const { body } = await at.api.post("/task_runs/count", { task_runs: { state: { type: { any_: ["CRASHED"] } } } });
    expect(body).toBe(203);
    const states = [subflowTask, ended].map(async (id) => (await at.api.get(`/task_runs/${id}`)).at("state_type"));
    expect(await Promise.all(states)).toEqual(["RUNNING", "COMPLETED"]);
    expect([await at.run(run), await at.run(subflow)]).toMatchObject([
      { state_type: "CRASHED" },
      { state_type: "RUNNING" },
    ]);
  });

  test("several servers that notice at once crash a run once", async () => {
    await using at = await open();
    const runs = await Promise.all(Array.from({ length: 10 }, () => at.running()));
    await Promise.all(runs.map((run) => at.beat(run)));
    await at.live(TERM - 20);
    at.clock.pass(21);

    const crashed = await Promise.all(Array.from({ length: 4 }, at.tick));

    expect(crashed.reduce((sum, count) => sum + count, 0)).toBe(10);
    for (const run of runs) {
      const { body } = await at.api.get(`/flow_run_states/?flow_run_id=${run}`);
      expect(body).toHaveLength(3);
    }
  });
});
