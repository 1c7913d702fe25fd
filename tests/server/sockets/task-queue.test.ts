import { once } from "node:events";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import type { RunningServer } from "../../../src/server/main.ts";
import { type ClaimedTask, claimTask, renewTask, settleTask } from "../../../src/server/task-queue.ts";
import { createApi } from "../../compare/api.ts";
import { waitUntil } from "../../support/disposable.ts";
import { forEachServer } from "../../support/for-each-server.ts";
import { manualClock } from "../../support/manual-clock.ts";

const PATH = "/task_runs/subscriptions/scheduled";

/** A task worker's end of the connection: what it was sent, in order. */
async function connect(server: RunningServer, keys: unknown, more: object = { client_id: "worker-1" }) {
  const socket = new WebSocket(`${server.apiUrl.replace("http", "ws")}${PATH}`, ["prefect"]);
  const received: Record<string, unknown>[] = [];
  const closed = once(socket, "close").then(([code, reason]) => [code, String(reason)]);
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "auth", token: null }));
  await once(socket, "message");
  socket.on("message", (data) => received.push(JSON.parse(String(data))));
  const say = (message: object) => socket.send(JSON.stringify(message));
  say({ type: "subscribe", keys, ...more });
  const hasReceived = (count: number) => waitUntil(`${count} tasks`, () => received.length === count);
  return { socket, received, hasReceived, closed, say, taskIds: () => received.map(({ id }) => id) };
}

function schedule(server: RunningServer, task_key = "key-a") {
  const state = { type: "SCHEDULED", state_details: { deferred: true } };
  return createApi(server.apiUrl).post("/task_runs/", { task_key, dynamic_key: crypto.randomUUID(), state });
}

const workersOf = async (server: RunningServer, task_keys?: readonly string[]) => {
  const api = createApi(server.apiUrl);
  const answer = await api.post("/task_workers/filter", task_keys && { task_worker_filter: { task_keys } });
  return answer.body as readonly { identifier: string; task_keys: readonly string[] }[];
};

forEachServer((start) => {
  test("a task goes to who serves its key, one at a time, as the API shows it", async () => {
    await using server = await start();
    const [first, second, other] = [await schedule(server), await schedule(server), await schedule(server, "key-b")];
    const worker = await connect(server, ["key-a"]);
    await worker.hasReceived(1);
    expect(worker.received[0]).toEqual({
      ...((await createApi(server.apiUrl).get(`/task_runs/${first.id}`)).body as object),
      estimated_start_time_delta: expect.any(Number),
    });
    expect(worker.taskIds()).toEqual([first.id]);

    worker.say({ type: "ack" });
    await worker.hasReceived(2);
    worker.say({ type: "ack" });
    const third = await schedule(server);
    await worker.hasReceived(3);

    expect(worker.taskIds()).toEqual([first.id, second.id, third.id]);
    expect(worker.taskIds()).not.toContain(other.id);
    worker.socket.close();
  });

  test("what is not acknowledged goes to somebody else, ahead of others", async () => {
    await using server = await start();
    const [first, second] = [await schedule(server), await schedule(server)];
    const lost = await connect(server, ["key-a"], { client_id: "lost" });
    await lost.hasReceived(1);
    lost.socket.terminate();
    await lost.closed;

    const heir = await connect(server, ["key-a"], { client_id: "heir" });
    await heir.hasReceived(1);
    heir.say({ type: "ack" });
    await heir.hasReceived(2);

    expect([...heir.taskIds()].sort()).toEqual([first.id, second.id].sort());
    heir.socket.close();
  });

  test("each of many tasks goes to exactly one of several workers", async () => {
    await using server = await start();
    const workers = await Promise.all(
      ["1", "2", "3"].map((client_id) => connect(server, ["key-a", "key-b"], { client_id })),
    );
    for (const { socket, say } of workers) socket.on("message", () => say({ type: "ack" }));
    const tasks = await Promise.all(Array.from({ length: 20 }, (_, n) => schedule(server, n % 2 ? "key-a" : "key-b")));

    await waitUntil("all tasks", () => workers.flatMap(({ received }) => received).length >= 20);

    const given = workers.flatMap(({ taskIds }) => taskIds());
    expect([...given].sort()).toEqual(tasks.map(({ id }) => id).sort());
    for (const { socket } of workers) socket.close();
  });

  test("a task that is no longer scheduled is not handed out", async () => {
    await using server = await start();
    const cancelled = await schedule(server);
    const next = await schedule(server);
    const state = { type: "CANCELLED" };
    await createApi(server.apiUrl).post(`/task_runs/${cancelled.id}/set_state`, { state, force: true });

    const worker = await connect(server, ["key-a"]);
    await worker.hasReceived(1);

    expect(worker.taskIds()).toEqual([next.id]);
    worker.socket.close();
  });

  test("who is connected is listed", async () => {
    await using server = await start();
    expect(await workersOf(server)).toEqual([]);
    const one = await connect(server, ["key-a", "key-b"], { client_id: "one" });
    await waitUntil("the workers", async () => (await workersOf(server)).length === 1);

    expect(await workersOf(server)).toMatchObject([{ identifier: "one", task_keys: ["key-a", "key-b"] }]);
    expect(await workersOf(server, ["key-b", "x"])).toHaveLength(1);
    expect(await workersOf(server, ["x"])).toEqual([]);

    one.say({ type: "quit" });
    expect(await one.closed).toEqual([1000, ""]);
    await waitUntil("the workers", async () => (await workersOf(server)).length === 0);
  });

  test.each([
    [{ type: "hello" }, "Protocol violation: expected 'subscribe' message"],
    [{ keys: [] }, "Protocol violation: expected 'keys' in subscribe message"],
    [{ client_id: "" }, "Protocol violation: expected 'client_id' in subscribe message"],
  ])("a subscription with %j is refused", async (wrong, reason) => {
    await using server = await start();
    const worker = await connect(server, ["key-a"], { client_id: "x", ...wrong });

    expect(await worker.closed).toEqual([4001, reason]);
  });

  test("an answer that is no acknowledgement ends the connection and gives the task back", async () => {
    await using server = await start();
    const task = await schedule(server);
    const rude = await connect(server, ["key-a"]);
    await rude.hasReceived(1);
    rude.say({ type: "what" });
    expect(await rude.closed).toEqual([4001, "Protocol violation: expected 'ack' message"]);

    const polite = await connect(server, ["key-a"]);
    await polite.hasReceived(1);
    expect(polite.taskIds()).toEqual([task.id]);
    polite.socket.close();
  });

  test("a task that another server has enqueued is handed out", async () => {
    await using one = await start();
    await using other = await start(sameDatabase(one));
    const worker = await connect(one, ["key-a"]);

    const task = await schedule(other);
    await worker.hasReceived(1);

    expect(worker.taskIds()).toEqual([task.id]);
    expect(await workersOf(other)).toMatchObject([{ identifier: "worker-1" }]);
    worker.socket.close();
  });

  test("what a server had claimed when it went without a word is handed out by others in time", async () => {
    const clock = manualClock("2030-01-01T00:00:00Z");
    await using server = await start({ clock });
    const task = await schedule(server);

    expect(await claimTask(server.ctx, ["key-a"])).toMatchObject({ taskRun: { id: task.id } });
    clock.advanceMs(29_000);
    expect(await claimTask(server.ctx, ["key-a"])).toBeUndefined();
    clock.advanceMs(2_000);
    expect(await claimTask(server.ctx, ["key-a"])).toMatchObject({ taskRun: { id: task.id } });
  });

  test("a claim that is renewed lasts, and one that has passed to somebody else does not come back", async () => {
    const clock = manualClock("2030-01-01T00:00:00Z");
    await using server = await start({ clock });
    await schedule(server);
    const first = (await claimTask(server.ctx, ["key-a"])) as ClaimedTask;

    clock.advanceMs(20_000);
    const renewed = (await renewTask(server.ctx, first.claim)) as ClaimedTask["claim"];
    clock.advanceMs(20_000);
    expect(await claimTask(server.ctx, ["key-a"])).toBeUndefined();
    clock.advanceMs(20_000);
    expect(await claimTask(server.ctx, ["key-a"])).toBeDefined();

    expect(await renewTask(server.ctx, renewed)).toBeUndefined();
    await settleTask(server.ctx, renewed);
    clock.advanceMs(40_000);
    expect(await claimTask(server.ctx, ["key-a"])).toBeDefined();
  });
});

/** The settings of a second server beside another one. */
function sameDatabase({ ctx }: RunningServer) {
  const url = ctx.settings.server.database.connection_url?.reveal() ?? "";
  return { env: { PREFECT_SERVER_DATABASE_CONNECTION_URL: url } };
}
