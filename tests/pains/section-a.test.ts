import { once } from "node:events";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { uuid7Ids } from "../../src/kit/ids.ts";
import { automationActions } from "../../src/server/services/actions.ts";
import { proactiveTriggers, reactiveTriggers } from "../../src/server/services/triggers.ts";
import { createApi } from "../compare/api.ts";
import { forEachServer } from "../support/for-each-server.ts";
import { movableClock } from "../support/movable-clock.ts";

const ids = uuid7Ids(() => Date.now());
const SECRET = "admin:pass";
const RESULT = { type: "result", metadata: { storage_key: "k" } };

/** What Prefect's documentation tells users to make, so that runs whose process has died do not run for ever. */
const ZOMBIE_AUTOMATION = {
  name: "crash zombies",
  trigger: {
    type: "event",
    posture: "Proactive",
    match: { "prefect.resource.id": "prefect.flow-run.*" },
    for_each: ["prefect.resource.id"],
    after: ["prefect.flow-run.heartbeat"],
    expect: ["heartbeat", "Completed", "Failed", "Cancelled", "Crashed"].map((name) => `prefect.flow-run.${name}`),
    threshold: 1,
    within: 90,
  },
  actions: [{ type: "change-flow-run-state", state: "CRASHED", message: "no heartbeat" }],
};

forEachServer((start) => {
  const open = async () => {
    const clock = movableClock();
    const server = await start({ clock });
    const api = createApi(server.apiUrl);
    const { id: flow_id } = await api.post("/flows/", { name: "f" });
    return {
      api,
      clock,
      ctx: server.ctx,
      running: async () => (await api.post("/flow_runs/", { flow_id, state: { type: "RUNNING" } })).id,
      set: (id: string, state: object, more = {}) => api.post(`/flow_runs/${id}/set_state`, { state, ...more }),
      state: async (id: string) => (await api.get(`/flow_runs/${id}`)).at("state_type"),
      [Symbol.asyncDispose]: () => server.stop(),
    };
  };

  test("2: a client that knows no handshake sends events with the credentials of its upgrade", async () => {
    await using server = await start({ env: { PREFECT_SERVER_API_AUTH_STRING: SECRET } });
    const headers = { authorization: `Basic ${btoa(SECRET)}` };
    const socket = new WebSocket(`${server.apiUrl.replace("http", "ws")}/events/in`, { headers });
    await once(socket, "open");
    const resource = { "prefect.resource.id": "a" };

    socket.send(JSON.stringify({ id: ids.next(), occurred: "2030-01-01T00:00:00Z", event: "happened", resource }));
    const pong = once(socket, "pong");
    socket.ping();
    await pong;

    const stored = await server.ctx.db.read.selectFrom("events").select("event").execute();
    expect(stored).toEqual([{ event: "happened" }]);
    socket.close();
  });

  test("4: an automation against zombies crashes neither healthy runs nor finished ones, whenever heartbeats arrive", async () => {
    await using at = await open();
    await at.api.post("/automations/", ZOMBIE_AUTOMATION);
    const [healthy, finished, dead] = [await at.running(), await at.running(), await at.running()];
    const beat = (id: string, occurred = at.clock.now()) =>
      at.api.post("/events", [
        {
          id: ids.next(),
          occurred,
          event: "prefect.flow-run.heartbeat",
          resource: { "prefect.resource.id": `prefect.flow-run.${id}` },
        },
      ]);
    const pass = async (seconds: number) => {
      at.clock.pass(seconds);
      for (const service of [reactiveTriggers, proactiveTriggers, automationActions]) await service.tick(at.ctx);
    };
    for (const id of [healthy, finished, dead]) await beat(id);
    await pass(60);
    const lastWords = at.clock.now();
    await at.set(finished, { type: "COMPLETED" });
    await beat(finished, lastWords);
    for (let passed = 0; passed < 300; passed += 60) {
      await beat(healthy);
      await pass(60);
    }

    expect([await at.state(healthy), await at.state(finished), await at.state(dead)]).toEqual([
      "RUNNING",
      "COMPLETED",
      "CRASHED",
    ]);
  });

  test("7, 8: whoever comes after a run has completed changes nothing, by force neither where that would lose its result", async () => {
    await using at = await open();
    const id = await at.running();
    await at.set(id, { type: "COMPLETED", data: RESULT });
    const latecomers = ["CRASHED", "CANCELLING", "PAUSED", "PENDING", "RUNNING", "SCHEDULED", "COMPLETED"];

    const statuses = [];
    for (const type of latecomers) statuses.push((await at.set(id, { type })).at("status"));
    statuses.push((await at.set(id, { type: "COMPLETED" }, { force: true })).at("status"));

    expect(statuses).toEqual([...Array(3).fill("ABORT"), ...Array(5).fill("REJECT")]);
    expect((await at.api.get(`/flow_runs/${id}`)).body).toMatchObject({ state: { type: "COMPLETED", data: RESULT } });
  });
});
