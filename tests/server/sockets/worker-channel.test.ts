import { expect, test } from "vitest";
import type { RunningServer } from "../../../src/server/main.ts";
import { cancellation } from "../../../src/server/services/cancellation.ts";
import { cleanupReconciler } from "../../../src/server/services/cleanup-reconciler.ts";
import { enqueueCleanup, tellWorkers } from "../../../src/server/worker-cleanups.ts";
import { startTestServer } from "../../../src/testing/test-server.ts";
import { createApi } from "../../compare/api.ts";
import { waitUntil } from "../../support/disposable.ts";
import { forEachServer } from "../../support/for-each-server.ts";
import { manualClock } from "../../support/manual-clock.ts";
import { sameDatabase, subscribe } from "../../support/stream-subscriber.ts";

interface Frame {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

const frame = (type: string, payload: object) => ({
  type,
  id: crypto.randomUUID(),
  sent_at: "2030-01-01T00:00:00Z",
  payload,
});

/** A worker that cleans up, of the pool `pool`. */
async function connect(server: RunningServer, more: object = {}) {
  const consumer_id = crypto.randomUUID();
  const hello = {
    consumer_id,
    worker_name: "w",
    worker_type: "process",
    heartbeat_interval_seconds: 30,
    supported_channel_versions: ["work_pool_worker_channel.v1"],
    requested_capabilities: ["worker_heartbeat.v1", "work_pool_snapshot.v1", "cleanup_delivery.v1"],
    handled_cleanup_kinds: ["cancelling_timeout_teardown.v1"],
    max_cleanup_concurrency: 1,
    create_pool_if_not_found: true,
    default_base_job_template: { job_configuration: { command: "x" }, variables: { properties: {} } },
    ...more,
  };
  const path = "/work_pools/pool/workers/connect";
  const worker = await subscribe<Frame>(server, path, frame("worker.hello.v1", hello));
  await worker.has(1);
  const ofType = (type: string) => worker.received.filter((received) => received.type === type);
  return {
    ...worker,
    ready: worker.received[0] as Frame,
    messages: () => ofType("cleanup.message.v1").map(({ payload }) => payload),
    results: () => ofType("cleanup.operation_result.v1").map(({ payload }) => payload),
    snapshots: () => ofType("work_pool.snapshot.v1").map(({ payload }) => payload),
    heartbeat: () =>
      worker.say(frame("worker.heartbeat.v1", { consumer_id, worker_name: "w", heartbeat_interval_seconds: 30 })),
    /** Acknowledges, releases or renews a message and gives the result. */
    async answer(what: string, message: Readonly<Record<string, unknown>>, reason?: string) {
      const { message_id, reservation_token } = message;
      const request = frame(`cleanup.${what}.v1`, { message_id, reservation_token, ...(reason ? { reason } : {}) });
      worker.say(request);
      return await waitUntil(`the result of ${what}`, () =>
        ofType("cleanup.operation_result.v1").find(({ payload }) => payload.request_frame_id === request.id),
      );
    },
  };
}

/** Leaves messages for the workers of the pool, each for a run of its own. */
async function enqueue({ ctx }: RunningServer, poolId: string, options: { key?: string; queueId?: string } = {}) {
  const { key = crypto.randomUUID(), queueId = null } = options;
  const target = { flow_run_id: crypto.randomUUID(), infrastructure_pid: "host:1" };
  const kind = "cancelling_timeout_teardown.v1" as const;
  const isNew = await ctx.db.write((tx) =>
    enqueueCleanup(ctx, tx, { idempotencyKey: key, poolId, queueId, kind, target }),
  );
  tellWorkers(ctx, poolId);
  return { isNew, target };
}

const poolIdOf = async (server: RunningServer) =>
  ((await createApi(server.apiUrl).get("/work_pools/pool")).body as { readonly id: string }).id;

forEachServer((start) => {
  test("a message waits for a worker, is delivered, and is gone once acknowledged", async () => {
    await using server = await start();
    await createApi(server.apiUrl).post("/work_pools/", { name: "pool", type: "process" });
    const poolId = await poolIdOf(server);
    const { target } = await enqueue(server, poolId);

    const worker = await connect(server);
    await waitUntil("the message", () => worker.messages().length === 1);
    const [message] = worker.messages();
    const result = await worker.answer("ack", message ?? {});
    const again = await worker.answer("ack", message ?? {});

    expect(message).toMatchObject({ kind: "cancelling_timeout_teardown.v1", target, data: {}, delivery_count: 1 });
    expect(result.payload).toMatchObject({ status: "accepted", operation: "ack", reason: null });
    expect(again.payload).toMatchObject({ status: "not_found", reason: "message_not_found" });
    worker[Symbol.dispose]();
  });

  test("the same thing is not asked for twice, even after it was done", async () => {
    await using server = await start();
    const worker = await connect(server);
    const poolId = await poolIdOf(server);
    expect((await enqueue(server, poolId, { key: "k" })).isNew).toBe(true);
    await waitUntil("the message", () => worker.messages().length === 1);
    expect((await enqueue(server, poolId, { key: "k" })).isNew).toBe(false);
    await worker.answer("ack", worker.messages()[0] ?? {});

    expect((await enqueue(server, poolId, { key: "k" })).isNew).toBe(false);
    worker[Symbol.dispose]();
  });

  test("a worker has no more at a time than it takes; the next comes when one is done", async () => {
    await using server = await start();
    const worker = await connect(server, { max_cleanup_concurrency: 2 });
    const poolId = await poolIdOf(server);
    for (let n = 0; n < 3; n++) await enqueue(server, poolId);
    await waitUntil("two messages", () => worker.messages().length === 2);
    await worker.settled();
    expect(worker.messages()).toHaveLength(2);

    await worker.answer("ack", worker.messages()[0] ?? {});
    await waitUntil("the third", () => worker.messages().length === 3);
    worker[Symbol.dispose]();
  });

  test("what is released is delivered again, and given up after the third time", async () => {
    await using server = await start();
    const worker = await connect(server);
    await enqueue(server, await poolIdOf(server));
    const statuses = [];
    for (let n = 0; n < 3; n++) {
      await waitUntil("the message", () => worker.messages().length === n + 1);
      const result = await worker.answer("release", worker.messages()[n] ?? {}, "could not");
      statuses.push([result.payload.status, result.payload.reason]);
    }

    expect(statuses).toEqual([
      ["accepted", null],
      ["accepted", null],
      ["dead_lettered", "max_delivery_attempts_reached"],
    ]);
    expect(worker.messages().map(({ delivery_count }) => delivery_count)).toEqual([1, 2, 3]);
    worker[Symbol.dispose]();
  });

  test("a worker that goes without a word loses its message in time to another one, on whichever server", async () => {
    const clock = manualClock("2030-01-01T00:00:00Z");
    await using server = await start({ clock });
    const lost = await connect(server);
    await enqueue(server, await poolIdOf(server));
    await waitUntil("the message", () => lost.messages().length === 1);
    lost[Symbol.dispose]();
    await using other = await startTestServer({ env: sameDatabase(server), clock });
    const heir = await connect(other);
    expect(await cleanupReconciler.tick(server.ctx)).toBe(0);

    clock.advanceMs(31_000);
    expect(await cleanupReconciler.tick(server.ctx)).toBe(1);
    await waitUntil("the message", () => heir.messages().length === 1);

    expect(heir.messages()[0]).toMatchObject({ delivery_count: 2, message_id: lost.messages()[0]?.message_id });
    const stolen = { ...heir.messages()[0], reservation_token: lost.messages()[0]?.reservation_token };
    expect((await heir.answer("ack", stolen)).payload).toMatchObject({ status: "invalid_token" });
    heir[Symbol.dispose]();
  });

  test("a reservation that is renewed lasts; one that has run out is refused", async () => {
    const clock = manualClock("2030-01-01T00:00:00Z");
    await using server = await start({ clock });
    const worker = await connect(server);
    await enqueue(server, await poolIdOf(server));
    await waitUntil("the message", () => worker.messages().length === 1);
    const message = worker.messages()[0] ?? {};
    expect(message.lease_expires_at).toBe("2030-01-01T00:00:30Z");

    clock.advanceMs(20_000);
    expect((await worker.answer("renew", message)).payload).toMatchObject({
      status: "accepted",
      lease_expires_at: "2030-01-01T00:00:50Z",
    });
    clock.advanceMs(20_000);
    await cleanupReconciler.tick(server.ctx);
    expect((await worker.answer("renew", message)).payload.status).toBe("accepted");
    clock.advanceMs(31_000);
    const late = await worker.answer("ack", message);

    expect(["expired", "invalid_token"]).toContain(late.payload.status);
    worker[Symbol.dispose]();
  });

  test("a worker of the message's queue is asked before others", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    await api.post("/work_pools/", { name: "pool", type: "process" });
    const { id: queueId } = await api.post("/work_pools/pool/queues", { name: "special" });
    const usual = await connect(server, { work_queue_names: ["default"] });
    const special = await connect(server, { work_queue_names: ["special"] });
    await enqueue(server, await poolIdOf(server), { queueId });
    await waitUntil("the message", () => special.messages().length === 1);

    expect(usual.messages()).toEqual([]);
    for (const worker of [usual, special]) worker[Symbol.dispose]();
  });

  test("what a run leaves that nobody cancelled in time is cleaned up by a worker of its pool", async () => {
    const clock = manualClock("2030-01-01T00:00:00Z");
    await using server = await start({ clock });
    const worker = await connect(server);
    const api = createApi(server.apiUrl);
    const { id: flow_id } = await api.post("/flows/", { name: "f" });
    const deployment = await api.post("/deployments/", { name: "d", flow_id, work_pool_name: "pool" });
    const run = await api.post(`/deployments/${deployment.id}/create_flow_run`, {});
    await api.patch(`/flow_runs/${run.id}`, { infrastructure_pid: "host:7" });
    const setState = (type: string) => api.post(`/flow_runs/${run.id}/set_state`, { state: { type }, force: true });
    await setState("RUNNING");
    await setState("CANCELLING");

    clock.advanceMs(299_000);
    await cancellation.tick(server.ctx);
    expect((await api.get(`/flow_runs/${run.id}`)).body).toMatchObject({ state_type: "CANCELLING" });
    clock.advanceMs(2_000);
    await cancellation.tick(server.ctx);
    await cancellation.tick(server.ctx);
    await waitUntil("the message", () => worker.messages().length >= 1);

    expect((await api.get(`/flow_runs/${run.id}`)).body).toMatchObject({ state_type: "CANCELLED" });
    expect(worker.messages()).toMatchObject([{ target: { flow_run_id: run.id, infrastructure_pid: "host:7" } }]);
    worker[Symbol.dispose]();
  });

  test("changes that come together are told as one, and a deleted pool ends the channel", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const worker = await connect(server);
    await Promise.all([3, 4, 5].map((concurrency_limit) => api.patch("/work_pools/pool", { concurrency_limit })));
    await waitUntil("the snapshot", () => worker.snapshots().length >= 1);
    await api.patch("/work_pools/pool", { is_paused: true });
    await waitUntil("the pause", () =>
      worker.snapshots().some(({ work_pool }) => (work_pool as { is_paused: boolean }).is_paused),
    );
    expect(worker.snapshots().length).toBeLessThan(4);
    expect(worker.snapshots().map(({ snapshot_sequence }) => snapshot_sequence)).toEqual(
      worker.snapshots().map((_, index) => index + 2),
    );

    await api.delete("/work_pools/pool");
    expect(await worker.closed).toEqual([1008, "authorization_failed"]);
  });

  test("a heartbeat is noted, and finds out what the worker was not told", async () => {
    const clock = manualClock("2030-01-01T00:00:00Z");
    await using server = await start({ clock });
    await using other = await startTestServer({ env: sameDatabase(server), clock });
    const worker = await connect(server);
    clock.advanceMs(60_000);
    await createApi(other.apiUrl).patch("/work_pools/pool", { concurrency_limit: 7 });
    worker.heartbeat();
    await waitUntil("the snapshot", () => worker.snapshots().length >= 1);

    expect(worker.snapshots()[0]).toMatchObject({ work_pool: { concurrency_limit: 7 } });
    const workers = await createApi(server.apiUrl).post("/work_pools/pool/workers/filter", {});
    expect(workers.body).toMatchObject([{ name: "w", last_heartbeat_time: "2030-01-01T00:01:00Z" }]);
    worker[Symbol.dispose]();
  });
});
