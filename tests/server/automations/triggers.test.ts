import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { parseJson } from "../../../src/kit/json.ts";
import { addSeconds } from "../../../src/kit/timestamp.ts";
import { evaluateTriggers } from "../../../src/server/automations/evaluator.ts";
import { evaluateMetricTriggers } from "../../../src/server/automations/metrics.ts";
import { evaluateProactiveTriggers } from "../../../src/server/automations/proactive.ts";
import type { ServerContext } from "../../../src/server/context.ts";
import { createApi } from "../../compare/api.ts";
import { forEachServer } from "../../support/for-each-server.ts";
import { manualClock } from "../../support/manual-clock.ts";

const START = "2030-01-01T00:00:00Z";
const eventTrigger = (fields: object) => ({ type: "event", posture: "Reactive", ...fields });
const each = { for_each: ["prefect.resource.id"] };

forEachServer((start) => {
  const open = async () => {
    const clock = manualClock(START);
    const server = await start({ clock });
    const api = createApi(server.apiUrl);
    const emit = async (
      name: string,
      of: { resource?: string; secondsLater?: number; id?: string; follows?: string } = {},
    ) => {
      const { resource = "a", secondsLater = 0, id = randomUUID(), follows = null } = of;
      const occurred = addSeconds(clock.now(), secondsLater);
      const event = {
        id,
        occurred,
        event: name,
        resource: { "prefect.resource.id": resource },
        payload: { n: 1 },
        follows,
      };
      await api.post("/events", [event]);
      return id;
    };
    const create = async (trigger: object, actions: object[] = [{ type: "do-nothing" }]) =>
      await api.post("/automations/", { name: "watch", trigger, actions });
    return { clock, ctx: server.ctx, api, emit, create, [Symbol.asyncDispose]: () => server.stop() };
  };

  test("an event fires an automation once: an event tells of it, and an action waits to be done", async () => {
    await using at = await open();
    const { id } = await at.create(eventTrigger({ expect: ["thing.*"], ...each }), [
      { type: "do-nothing" },
      { type: "cancel-flow-run" },
    ]);
    const cause = await at.emit("thing.happened");
    await at.emit("thing.happened", { id: cause });
    await at.emit("other.happened");

    expect(await evaluateTriggers(at.ctx)).toBe(1);
    expect(await evaluateTriggers(at.ctx)).toBe(0);

    const found = await at.api.post("/events/filter", {
      filter: { event: { name: ["prefect.automation.triggered"] } },
    });
    expect(found.body).toMatchObject({
      total: 1,
      events: [
        {
          resource: {
            "prefect.resource.id": `prefect.automation.${id}`,
            "prefect.resource.name": "watch",
            "prefect.posture": "Reactive",
          },
          related: [{ "prefect.resource.id": `prefect.event.${cause}`, "prefect.resource.role": "triggering-event" }],
          payload: {
            triggering_labels: { "prefect.resource.id": "a" },
            triggering_event: { id: cause, payload: { n: 1 } },
          },
        },
      ],
    });
    expect(await queuedActions(at.ctx)).toMatchObject([
      { action: { type: "do-nothing" }, action_index: 0, triggering_event: { id: cause }, automation: { id } },
      { action: { type: "cancel-flow-run" }, action_index: 1, automation_triggered_event_id: found.at("events.0.id") },
    ]);
  });

  test("a firing waits for as many events as asked for, of each value of a label, across evaluations", async () => {
    await using at = await open();
    await at.create(eventTrigger({ expect: ["x"], threshold: 3, within: 60, ...each }));

    const fired: number[] = [];
    for (const resource of ["a", "a", "b", "a", "a", "b", "b"]) {
      await at.emit("x", { resource });
      await evaluateTriggers(at.ctx);
      fired.push((await queuedActions(at.ctx)).length);
    }

    expect(fired).toEqual([0, 0, 0, 1, 1, 1, 2]);
  });

  test("an event that the state of a run makes fires an automation", async () => {
    await using at = await open();
    await at.create(eventTrigger({ expect: ["prefect.flow-run.Running"] }));
    const { id: flow_id } = await at.api.post("/flows/", { name: "f" });
    const run = await at.api.post("/flow_runs/", { flow_id, state: { type: "PENDING" } });
    await at.api.post(`/flow_runs/${run.id}/set_state`, { state: { type: "RUNNING" } });

    await evaluateTriggers(at.ctx);

    const subject = { "prefect.resource.id": `prefect.flow-run.${run.id}` };
    expect(await queuedActions(at.ctx)).toMatchObject([{ triggering_event: { resource: subject } }]);
  });

  test("an automation that is switched off or deleted fires no more, events it had yet to see included", async () => {
    await using at = await open();
    const [off, gone] = [
      await at.create(eventTrigger({ expect: ["x"] })),
      await at.create(eventTrigger({ expect: ["x"] })),
    ];
    await at.emit("x");
    await at.api.patch(`/automations/${off.id}`, { enabled: false });
    await at.api.delete(`/automations/${gone.id}`);

    expect(await evaluateTriggers(at.ctx)).toBe(1);
    await at.emit("x");

    expect(await evaluateTriggers(at.ctx)).toBe(0);
    expect(await queuedActions(at.ctx)).toEqual([]);
  });

  test("what waits is forgotten when its event has been cleared away", async () => {
    await using at = await open();
    await at.create(eventTrigger({ expect: ["x"] }));
    await at.emit("x");
    await at.ctx.db.write((tx) => tx.deleteFrom("events").where("event", "=", "x").execute());
    at.clock.advanceMs(4_000_000);

    await evaluateProactiveTriggers(at.ctx);

    expect(await at.ctx.db.read.selectFrom("prefect_ts_trigger_queue").selectAll().execute()).toEqual([]);
  });

  test("an event waits for the one it follows, but not for ever", async () => {
    await using at = await open();
    await at.create(eventTrigger({ after: ["begin"], expect: ["end"], within: 60, ...each }));
    const leader = randomUUID();

    await at.emit("end", { follows: leader });
    await evaluateTriggers(at.ctx);
    await at.emit("begin", { id: leader, secondsLater: -1 });
    at.clock.advanceMs(1000);
    await evaluateTriggers(at.ctx);

    expect(await queuedActions(at.ctx)).toHaveLength(1);
    await at.emit("begin");
    await at.emit("end", { follows: randomUUID() });
    await evaluateTriggers(at.ctx);
    expect(await queuedActions(at.ctx)).toHaveLength(1);
    at.clock.advanceMs(11_000);
    await evaluateTriggers(at.ctx);
    expect(await queuedActions(at.ctx)).toHaveLength(2);
  });

  test("a proactive trigger fires when what is expected stays away", async () => {
    await using at = await open();
    await at.create(eventTrigger({ posture: "Proactive", after: ["begin"], expect: ["end"], within: 30, ...each }));
    await at.emit("begin", { resource: "lost" });
    await at.emit("begin", { resource: "fine" });
    at.clock.advanceMs(10_000);
    await at.emit("end", { resource: "fine" });

    await evaluateProactiveTriggers(at.ctx);
    expect(await queuedActions(at.ctx)).toEqual([]);
    at.clock.advanceMs(30_000);
    await evaluateProactiveTriggers(at.ctx);
    await evaluateProactiveTriggers(at.ctx);

    const labels = { "prefect.resource.id": "lost" };
    expect(await queuedActions(at.ctx)).toMatchObject([
      { triggering_labels: labels, triggering_event: { event: "begin" } },
    ]);
  });

  test("an end that arrives before its beginning is still an end", async () => {
    await using at = await open();
    await at.create(eventTrigger({ posture: "Proactive", after: ["begin"], expect: ["end"], within: 30, ...each }));
    await at.emit("end", { secondsLater: 1 });
    await evaluateTriggers(at.ctx);
    await at.emit("begin");

    at.clock.advanceMs(60_000);
    await evaluateProactiveTriggers(at.ctx);

    expect(await queuedActions(at.ctx)).toEqual([]);
  });

  test("a proactive trigger that looks at everything fires once for each window without an event", async () => {
    await using at = await open();
    await at.create(eventTrigger({ posture: "Proactive", expect: ["beat"], within: 20 }));
    for (let pass = 0; pass < 9; pass++) {
      await evaluateProactiveTriggers(at.ctx);
      at.clock.advanceMs(5_000);
    }

    expect(await queuedActions(at.ctx)).toHaveLength(2);
  });

  test.each([
    ["compound", { require: "all" }, 2],
    ["compound", { require: "any" }, 4],
    ["compound", { require: 2 }, 2],
    ["sequence", {}, 1],
  ])("a %s trigger with %o fires as its parts do", async (type, how, times) => {
    await using at = await open();
    const triggers = ["a", "b"].map((name) => eventTrigger({ expect: [name] }));
    const { id } = await at.create({ type, triggers, within: 60, ...how });

    for (const name of ["a", "b", "b", "a"]) {
      await at.emit(name);
      at.clock.advanceMs(1000);
      await evaluateTriggers(at.ctx);
    }

    const actions = await queuedActions(at.ctx);
    expect(actions).toHaveLength(times);
    expect(actions[0]).toMatchObject({
      automation: { id },
      firing: { trigger: { type }, trigger_states: ["Triggered"] },
    });
  });

  test("parts of a compound that fired too long ago do not count", async () => {
    await using at = await open();
    const triggers = ["a", "b"].map((name) => eventTrigger({ expect: [name] }));
    await at.create({ type: "compound", triggers, within: 10, require: "all" });

    for (const [name, seconds] of [
      ["a", 20],
      ["b", 5],
      ["a", 0],
    ] as const) {
      await at.emit(name);
      await evaluateTriggers(at.ctx);
      at.clock.advanceMs(seconds * 1000);
      if (name === "b") expect(await queuedActions(at.ctx)).toEqual([]);
    }

    expect(await queuedActions(at.ctx)).toHaveLength(1);
  });

  test("a metric of a flow's runs fires when it has been bad for long enough, and again when it is good", async () => {
    await using at = await open();
    const { id: flow_id } = await at.api.post("/flows/", { name: "f" });
    const { id: other } = await at.api.post("/flows/", { name: "other" });
    const run = async (flow: string, type: string) => {
      const { id } = await at.api.post("/flow_runs/", { flow_id: flow, state: { type: "RUNNING" } });
      at.clock.advanceMs(1000);
      await at.api.post(`/flow_runs/${id}/set_state`, { state: { type } });
    };
    const measureAfter = async (seconds: number) => {
      at.clock.advanceMs(seconds * 1000);
      await evaluateMetricTriggers(at.ctx);
      return (await queuedActions(at.ctx)).length;
    };
    const created = await at.api.post("/automations/", {
      name: "watch",
      trigger: {
        type: "metric",
        match: { "prefect.resource.id": "prefect.flow-run.*" },
        match_related: { "prefect.resource.role": "flow", "prefect.resource.id": `prefect.flow.${flow_id}` },
        metric: { name: "successes", operator: "<", threshold: 0.9, range: 3600, firing_for: 300 },
      },
      actions: [],
      actions_on_trigger: [{ type: "do-nothing" }],
      actions_on_resolve: [{ type: "cancel-flow-run" }],
    });
    expect(created.status).toBe(201);

    expect(await measureAfter(1)).toBe(0);
    await run(flow_id, "FAILED");
    await run(flow_id, "COMPLETED");
    expect(await measureAfter(1)).toBe(0);
    expect(await measureAfter(200)).toBe(0);
    expect(await measureAfter(200)).toBe(1);
    expect(await measureAfter(1000)).toBe(1);
    for (let count = 0; count < 9; count++) await run(flow_id, "COMPLETED");
    await run(other, "FAILED");
    expect(await measureAfter(1)).toBe(1);
    expect(await measureAfter(301)).toBe(2);

    expect(await queuedActions(at.ctx)).toMatchObject([
      { action: { type: "do-nothing" }, firing: { trigger_states: ["Triggered"], triggering_value: 0.5 } },
      { action: { type: "cancel-flow-run" }, firing: { trigger_states: ["Resolved"] } },
    ]);
    const { body } = await at.api.post("/events/filter", { filter: { event: { prefix: ["prefect.automation.r"] } } });
    expect(body).toMatchObject({ total: 1, events: [{ resource: { "prefect.posture": "Metric" }, related: [] }] });
  });
});

async function queuedActions(ctx: ServerContext): Promise<readonly unknown[]> {
  const rows = await ctx.db.read
    .selectFrom("prefect_ts_action_queue")
    .select("triggered_action")
    .orderBy("id")
    .execute();
  return rows.map(({ triggered_action }) => parseJson(triggered_action));
}
