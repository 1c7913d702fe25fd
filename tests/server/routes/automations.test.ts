import { expect, test } from "vitest";
import { createApi } from "../../compare/api.ts";
import { forEachServer } from "../../support/for-each-server.ts";

const trigger = { type: "event", posture: "Reactive", expect: ["x"] };
const automation = { name: "a", trigger, actions: [{ type: "do-nothing" }] };

forEachServer((start) => {
  test("a trigger and those inside it are given new ids, whatever the client says", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const id = "11111111-1111-4111-8111-111111111111";
    const inner = { ...trigger, id };
    const sent = { ...automation, trigger: { type: "sequence", id, within: null, triggers: [inner, inner] } };

    const created = await api.post("/automations/", sent);
    const ids = [created.at("trigger.id"), created.at("trigger.triggers.0.id"), created.at("trigger.triggers.1.id")];
    await api.put(`/automations/${created.id}`, sent);
    const replaced = await api.get(`/automations/${created.id}`);

    expect(new Set([...ids, id]).size).toBe(4);
    expect([...ids, id]).not.toContain(replaced.at("trigger.id"));
  });

  test("an automation that cannot be stored whole is not stored at all", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const run = {
      type: "run-deployment",
      deployment_id: "11111111-1111-4111-8111-111111111111",
      job_variables: { a: 1 },
    };

    const { status } = await api.post("/automations/", { ...automation, actions: [run] });

    expect(status).toBe(404);
    expect((await api.post("/automations/count")).body).toBe(0);
    const events = await api.post("/events/filter", { filter: { event: { prefix: ["prefect.automation"] } } });
    expect(events.at("total")).toBe(0);
  });

  test("what belongs to a resource goes with it, the rest stays", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const resource = "prefect.deployment.11111111-1111-4111-8111-111111111111";
    const run = { type: "run-deployment", deployment_id: resource.slice(-36) };
    await api.post("/automations/", { ...automation, name: "owned", owner_resource: resource });
    await api.post("/automations/", { ...automation, name: "running", actions: [run] });

    await api.delete(`/automations/owned-by/${resource}`);

    const { body } = await api.get(`/automations/related-to/${resource}`);
    expect(body).toMatchObject([{ name: "running" }]);
    expect(await api.post("/automations/filter", {})).toMatchObject({ body: [{ name: "running" }] });
  });

  test("names and templates with NUL are never a server error", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const body = { type: "send-notification", block_document_id: "11111111-1111-4111-8111-111111111111", body: "\0" };

    const answers = [
      await api.post("/automations/", { ...automation, name: "a\0b" }),
      await api.post("/automations/", { ...automation, actions: [body] }),
      await api.post("/automations/", { ...automation, owner_resource: "\0" }),
      await api.get("/automations/related-to/%00"),
      await api.delete("/automations/owned-by/%00"),
      await api.post("/automations/filter", { automations: { name: { any_: ["\0"] } } }),
      await api.post("/templates/validate", "\0{{"),
    ];

    expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
  });
});
