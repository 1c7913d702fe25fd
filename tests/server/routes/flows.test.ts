import { expect, test } from "vitest";
import { createApi } from "../../compare/api.ts";
import { forEachServer } from "../../support/for-each-server.ts";

forEachServer((start, kind) => {
  test("flows of one name made at the same time are one flow, created once", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);

    const answers = await Promise.all(Array.from({ length: 20 }, () => api.post("/flows/", { name: "same" })));

    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const events = await api.post("/events/filter", { filter: { event: { name: ["prefect.flow.created"] } } });
    expect(events.at("total")).toBe(1);
  });

  test("changes are told in events", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const { id } = await api.post("/flows/", { name: "told", tags: ["a"], labels: { n: 1 } });
    await api.patch(`/flows/${id}`, { tags: ["b"] });
    await api.delete(`/flows/${id}`);
    await api.delete(`/flows/${id}`);

    const { body } = await api.post("/events/filter", {
      filter: { resource: { id: [`prefect.flow.${id}`] }, order: "ASC" },
    });

    const payload = { name: "told", tags: ["b"], labels: { n: 1 } };
    expect(body).toMatchObject({
      events: [
        { event: "prefect.flow.created", payload: { ...payload, tags: ["a"] }, related: [], follows: null },
        { event: "prefect.flow.updated", payload },
        { event: "prefect.flow.deleted", payload, resource: { "prefect.resource.name": "told" } },
      ],
    });
  });

  test("a name with NUL is never a server error", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);

    const created = await api.post("/flows/", { name: "a\0b" });
    const found = await api.get("/flows/name/a%00b");

    expect(created.status).toBe(kind === "postgresql" ? 422 : 201);
    expect(found.status).toBe(kind === "postgresql" ? 422 : 200);
  });

  test("odd names are taken or refused, and only those taken are there", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const names = ["a".repeat(20_000), "__proto__", "constructor", "%2e%2e", "..", "\u2028", "ﷺ"];

    const statuses = [];
    for (const name of names) statuses.push((await api.post("/flows/", { name })).status);

    expect(statuses.filter((status) => status !== 201 && status !== 422)).toEqual([]);
    expect((await api.post("/flows/count")).body).toBe(statuses.filter((status) => status === 201).length);
  });
});
