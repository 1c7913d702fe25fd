import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { createApi } from "../../compare/api.ts";
import { forEachServer } from "../../support/for-each-server.ts";

const event = (name: string, payload: object = {}, secondsAgo = 0) => ({
  id: randomUUID(),
  occurred: new Date(Date.now() - secondsAgo * 1000).toISOString(),
  event: name,
  resource: { "prefect.resource.id": "a.thing" },
  payload,
});

forEachServer((start) => {
  test("text is searched for in all that an event says", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    await api.post("/events", [
      event("Apple"),
      event("other", { text: "apple pie" }),
      event("third", { text: "100% sure" }),
    ]);
    const counts = { apple: 2, "apple -pie": 1, "+apple +pie": 1, '"apple pie"': 1, "100%": 1, "   ": 3, nothing: 0 };

    const found: Record<string, unknown> = {};
    for (const query of Object.keys(counts)) {
      found[query] = (await api.post("/events/filter", { filter: { text: { query } } })).at("total");
    }

    expect(found).toEqual(counts);
  });

  test("a link to the next page leads to the mount that was asked", async () => {
    await using server = await start({ env: { PREFECT_SERVER_API_BASE_PATH: "/behind/api" } });
    const api = createApi(server.apiUrl);
    await api.post("/events", [event("one", {}, 3), event("two", {}, 2), event("three", {}, 1)]);
    const first = await api.post("/events/filter", { limit: 2, filter: { order: "ASC" } });

    const response = await fetch(String(first.at("next_page")));

    expect(String(first.at("next_page"))).toContain("/behind/api/events/filter/next?page-token=");
    expect(await response.json()).toMatchObject({ events: [{ event: "three" }], total: 3, next_page: null });
  });

  test("an event is stored once, however often it is sent", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const same = event("same");

    await Promise.all(Array.from({ length: 10 }, () => api.post("/events", [same, event("new"), same])));

    expect((await api.post("/events/filter", { filter: { event: { name: ["same"] } } })).at("total")).toBe(1);
    expect((await api.post("/events/filter", {})).at("total")).toBe(11);
  });
});
