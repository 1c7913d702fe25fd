import { randomUUID } from "node:crypto";
import type { Api } from "../api.ts";
import { script, scriptFile } from "../script.ts";

const OCCURRED = { since: "2026-01-01T00:00:00Z", until: "2026-01-02T00:00:00Z" };

type Make = (n: number, more?: object) => { readonly id: string; readonly occurred: string };

/** Makes events of a script's own: the reference forgets no id it has seen, not even between scripts. */
function eventMaker(): Make {
  const ids = Array.from({ length: 10 }, () => randomUUID());
  return (n, more = {}) => ({
    id: ids[n] ?? "",
    occurred: `2026-01-01T0${n}:00:00.5Z`,
    event: n % 2 === 0 ? "test.even" : "test.odd",
    resource: { "prefect.resource.id": `thing.${n % 3}`, "prefect.resource.name": `Thing ${n}`, kind: "x_y" },
    related: [{ "prefect.resource.id": `other.${n}`, "prefect.resource.role": "friend", "a.label": "v%1" }],
    payload: { n, text: "Some words" },
    ...more,
  });
}

async function seed(api: Api): Promise<Make> {
  const event = eventMaker();
  await api.post(
    "/events",
    [1, 2, 3, 4, 5].map((n) => event(n)),
  );
  await api.until(
    () => api.post("/events/filter", { filter: { occurred: OCCURRED } }),
    (answer) => answer.at("total") === 5,
  );
  return event;
}

export const events = scriptFile(import.meta.url, "events", [
  script("taken in, once each", async (api) => {
    const event = await seed(api);
    await api.post("/events", [
      event(1, { event: "test.changed" }),
      event(6, { follows: event(1).id, payload: {}, related: [] }),
    ]);
    await api.until(
      () => api.post("/events/filter", { filter: { occurred: OCCURRED, order: "ASC" } }),
      (answer) => answer.at("total") === 6,
    );
    await api.post("/events", []);
  }),

  script("refused", async (api) => {
    const event = eventMaker();
    for (const body of [
      {},
      [{}],
      [event(1, { id: "x" })],
      [event(1, { resource: {} })],
      [event(1, { resource: { a: 1 } })],
    ]) {
      await api.post("/events", body);
    }
    await api.post("/events", [event(1, { related: [{ "prefect.resource.id": "x" }] })]);
    await api.post("/events", [event(1, { payload: [] })]);
    await api.post("/events");
  }),

  script("filter", async (api) => {
    const event = await seed(api);
    for (const filter of [
      { order: "ASC" },
      { event: { prefix: ["test.o"] } },
      { event: { exclude_prefix: ["test.o"] } },
      { event: { name: ["test.even", "none"] } },
      { event: { exclude_name: ["test.even"] } },
      { event: { name: [] } },
      { resource: { id: ["thing.1"] } },
      { resource: { id_prefix: ["thing."], distinct: true } },
      { resource: { distinct: true }, order: "ASC" },
      { resource: { labels: { kind: "x*" } } },
      { resource: { labels: { kind: ["a", "!x_z"] } } },
      { resource: { labels: { kind: [] } } },
      { resource: { labels: { "prefect.resource.id": "thing.?", kind: "x_y" } } },
      { related: { id: ["other.2", "thing.1"] } },
      { related: { role: ["friend"] } },
      { related: { role: [""] } },
      {
        related: {
          resources_in_roles: [
            ["other.3", "friend"],
            ["other.4", "enemy"],
          ],
        },
      },
      { related: { labels: { "a.label": "v%1" } } },
      { related: [{ id: ["other.2"] }, { role: ["friend"] }] },
      { any_resource: { id: ["thing.2", "other.1"] } },
      { any_resource: { id_prefix: ["other"] } },
      { any_resource: [{ labels: { kind: "x_y" } }, { id: ["other.1"] }] },
      { id: { id: [event(3).id] } },
      { unknown: 1 },
      { order: "X" },
    ]) {
      await api.post("/events/filter", { filter: { occurred: OCCURRED, ...filter } });
    }
    await api.post("/events/filter", { filter: { occurred: { since: event(2).occurred, until: event(3).occurred } } });
    await api.post("/events/filter", { limit: 51 });
    await api.post("/events/filter", { limit: -1 });
  }),

  script("pages", async (api) => {
    await seed(api);
    let page = await api.post(
      "/events/filter",
      { filter: { occurred: OCCURRED, order: "ASC" }, limit: 2 },
      { ignore: ["next_page"] },
    );
    while (typeof page.at("next_page") === "string") {
      const { pathname, search } = new URL(String(page.at("next_page")));
      page = await api.get(pathname.replace("/api", "") + search, { ignore: ["next_page"] });
    }
    for (const token of ["abc", "", "e30=", "%%%"])
      await api.get(`/events/filter/next?page-token=${encodeURIComponent(token)}`);
    await api.get("/events/filter/next");
  }),

  script("counts", async (api) => {
    await seed(api);
    const filter = { occurred: OCCURRED };
    for (const countable of ["event", "resource", "day", "time", "bad"]) {
      await api.post(`/events/count-by/${countable}`, { filter });
    }
    await api.post("/events/count-by/time", { filter, time_unit: "hour" });
    await api.post("/events/count-by/time", { filter, time_unit: "hour", time_interval: 2.5 });
    await api.post("/events/count-by/time", { filter, time_unit: "week" });
    await api.post("/events/count-by/time", { filter, time_unit: "second" });
    await api.post("/events/count-by/time", { filter, time_interval: 0.001 });
    await api.post("/events/count-by/event", {});
    await api.post("/events/count-by/event", { filter: { ...filter, resource: { id: ["thing.1"] } } });
  }),
]);
