import { describe, expect, test } from "vitest";
import { enqueueCleanup, tellWorkers } from "../../../src/server/worker-cleanups.ts";
import { startTestServer } from "../../../src/testing/test-server.ts";
import { createApi } from "../../compare/api.ts";
import { waitUntil } from "../../support/disposable.ts";
import { postgresUrl } from "../../support/postgres.ts";
import { missing } from "../../support/require.ts";
import { sameDatabase, subscribe } from "../../support/stream-subscriber.ts";

interface Told {
  readonly event: { readonly id: string; readonly payload: unknown };
}

interface Frame {
  readonly type: string;
}

const HELLO = {
  type: "worker.hello.v1",
  id: crypto.randomUUID(),
  sent_at: "2030-01-01T00:00:00Z",
  payload: {
    consumer_id: crypto.randomUUID(),
    worker_name: "w",
    worker_type: "process",
    heartbeat_interval_seconds: 30,
    supported_channel_versions: ["work_pool_worker_channel.v1"],
    requested_capabilities: ["worker_heartbeat.v1", "work_pool_snapshot.v1", "cleanup_delivery.v1"],
    handled_cleanup_kinds: ["cancelling_timeout_teardown.v1"],
  },
};

const event = (payload: unknown) => ({
  id: crypto.randomUUID(),
  occurred: new Date().toISOString(),
  event: "test.happened",
  resource: { "prefect.resource.id": "test" },
  payload,
});

describe.skipIf(missing("postgresql"))("with several servers on one PostgreSQL", () => {
  test("a subscriber is told of each event once, whichever server has stored it", async () => {
    await using one = await startTestServer({ database: "postgresql", postgresUrl: postgresUrl() });
    await using other = await startTestServer({ env: sameDatabase(one) });
    const filter = { event: { name: ["test.happened"] } };
    using subscriber = await subscribe<Told>(one, "/events/out", { type: "filter", filter });
    await subscriber.settled();

    const [mine, theirs] = [Array.from({ length: 300 }, event), Array.from({ length: 700 }, event)];
    await Promise.all([
      createApi(one.apiUrl).post("/events", mine),
      createApi(other.apiUrl).post("/events", theirs.slice(0, 350)),
      createApi(other.apiUrl).post("/events", theirs.slice(350)),
    ]);
    await subscriber.has(1000);
    await createApi(other.apiUrl).post("/events", [event({ n: 12345678901234567890n.toString() })]);
    await waitUntil("the last", () => subscriber.received.length >= 1001);

    const ids = subscriber.received.map(({ event }) => event.id);
    expect(new Set(ids).size).toBe(1001);
    expect(ids).toHaveLength(1001);
  });

  test("a worker is told of its pool, and given what it can clean up, whichever server was asked", async () => {
    await using one = await startTestServer({ database: "postgresql", postgresUrl: postgresUrl() });
    await using other = await startTestServer({ env: sameDatabase(one) });
    const there = createApi(other.apiUrl);
    const { id: poolId } = await there.post("/work_pools/", { name: "pool", type: "process" });
    using worker = await subscribe<Frame>(one, "/work_pools/pool/workers/connect", HELLO);
    await worker.has(1);
    const told = (type: string) => worker.received.filter((frame) => frame.type === type);

    // The first server listens to the other one from some moment on.
    let limit = 0;
    await waitUntil("a snapshot", async () => {
      limit += 1;
      await there.patch("/work_pools/pool", { concurrency_limit: limit });
      return told("work_pool.snapshot.v1").length > 0;
    });
    await other.ctx.db.write((tx) =>
      enqueueCleanup(other.ctx, tx, {
        idempotencyKey: "k",
        poolId: String(poolId),
        queueId: null,
        kind: "cancelling_timeout_teardown.v1",
        target: { flow_run_id: crypto.randomUUID() },
      }),
    );
    tellWorkers(other.ctx, String(poolId));
    await waitUntil("the message", () => told("cleanup.message.v1").length === 1);
  });
});
