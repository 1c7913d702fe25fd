import { expect, test } from "vitest";
import type { ServerContext } from "../../../src/server/context.ts";
import { cancellation } from "../../../src/server/services/cancellation.ts";
import { pauseExpirations } from "../../../src/server/services/pause-expirations.ts";
import type { Service } from "../../../src/server/services.ts";
import { createApi } from "../../compare/api.ts";
import { forEachServer } from "../../support/for-each-server.ts";
import { movableClock } from "../../support/movable-clock.ts";

/** The same context, in which something happens after a service has looked and before it first writes. */
function interrupted(ctx: ServerContext, happen: () => Promise<unknown>): ServerContext {
  let pending: Promise<unknown> | undefined;
  const write: ServerContext["db"]["write"] = async (unit) => {
    pending ??= happen();
    await pending;
    return await ctx.db.write(unit);
  };
  return { ...ctx, db: Object.create(ctx.db, { write: { value: write } }) };
}

forEachServer((start) => {
  const open = async () => {
    const clock = movableClock();
    const server = await start({ clock });
    const api = createApi(server.apiUrl);
    const { id: flow_id } = await api.post("/flows/", { name: "f" });
    const set = (path: string, type: string, state_details = {}) =>
      api.post(`${path}/set_state`, { state: { type, state_details }, force: true });
    return {
      clock,
      api,
      set,
      create: async (more = {}) => (await api.post("/flow_runs/", { flow_id, state: { type: "RUNNING" }, ...more })).id,
      state: async (path: string) => (await api.get(path)).at("state_type"),
      tick: (service: Service, happen: () => Promise<unknown>) => service.tick(interrupted(server.ctx, happen)),
      [Symbol.asyncDispose]: () => server.stop(),
    };
  };

  test("a run that is resumed as its pause runs out goes on", async () => {
    await using at = await open();
    const run = `/flow_runs/${await at.create()}`;
    await at.set(run, "PAUSED", { pause_timeout: at.clock.in(30) });
    at.clock.pass(31);

    await at.tick(pauseExpirations, () => at.set(run, "RUNNING"));

    expect(await at.state(run)).toBe("RUNNING");
  });

  test("what ends as its parent's cancellation reaches it keeps its end", async () => {
    await using at = await open();
    const parent = await at.create();
    const task = { flow_run_id: parent, task_key: "t", state: { type: "RUNNING" } };
    const taskRun = await at.api.post("/task_runs/", { ...task, dynamic_key: "0" });
    const standIn = await at.api.post("/task_runs/", { ...task, dynamic_key: "1" });
    const subflow = `/flow_runs/${await at.create({ parent_task_run_id: standIn.id })}`;
    await at.set(`/flow_runs/${parent}`, "CANCELLED");

    await at.tick(cancellation, async () => {
      await at.set(`/task_runs/${taskRun.id}`, "COMPLETED");
      await at.set(subflow, "COMPLETED");
    });

    expect(await at.state(`/task_runs/${taskRun.id}`)).toBe("COMPLETED");
    expect(await at.state(subflow)).toBe("COMPLETED");
  });

  test("a run that is cancelled as its cancellation runs out is cancelled once", async () => {
    await using at = await open();
    const run = `/flow_runs/${await at.create()}`;
    await at.set(run, "CANCELLING");
    at.clock.pass(301);

    await at.tick(cancellation, () => at.set(run, "CANCELLED"));

    const { body } = await at.api.get(run);
    expect(body).toMatchObject({ state: { type: "CANCELLED", message: null } });
  });
});
