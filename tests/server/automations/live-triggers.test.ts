import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { createApi } from "../../compare/api.ts";
import { waitUntil } from "../../support/disposable.ts";
import { forEachServer } from "../../support/for-each-server.ts";

forEachServer((start) => {
  test("an event has its consequences within moments of being stored, a chain of automations included", async () => {
    await using server = await start({ services: true });
    const api = createApi(server.apiUrl);
    const first = await api.post("/automations/", automation({ expect: ["begun"] }));
    const after = { "prefect.resource.id": `prefect.automation.${first.id}` };
    const second = await api.post(
      "/automations/",
      automation({ expect: ["prefect.automation.triggered"], match: after }),
    );
    const id = randomUUID();
    const resource = { "prefect.resource.id": "a" };

    await api.post("/events", [{ id, occurred: new Date().toISOString(), event: "begun", resource }]);

    const firings = await waitUntil("both automations have fired", async () => {
      const filter = { event: { name: ["prefect.automation.triggered"] }, order: "ASC" };
      const { body } = await api.post("/events/filter", { filter });
      const { events } = body as { events: readonly { resource: Readonly<Record<string, string>> }[] };
      return events.length === 2 && events;
    });
    expect(firings.map((event) => event.resource["prefect.resource.id"])).toEqual(
      [first.id, second.id].map((each) => `prefect.automation.${each}`),
    );
  });
});

function automation(trigger: object) {
  const actions = [{ type: "do-nothing" }];
  return { name: "watch", trigger: { type: "event", posture: "Reactive", ...trigger }, actions };
}
