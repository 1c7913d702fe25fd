import { script, scriptFile } from "../script.ts";
import { UNKNOWN_ID } from "./common.ts";

export const variables = scriptFile(import.meta.url, "variables", [
  script("create, read, change and delete", async (api) => {
    const first = await api.post("/variables/", { name: "first", value: { a: [1.5, null, "x"] }, tags: ["t"] });
    await api.post("/variables/", { name: "first", value: 1 });
    await api.post("/variables/", { name: "second", value: null });
    await api.get(`/variables/${first.id}`);
    await api.get(`/variables/${UNKNOWN_ID}`);
    await api.get("/variables/name/first");
    await api.get("/variables/name/unknown");
    for (const change of [{ value: 2 }, { value: null }, { tags: null }, { name: null }, { name: "second" }, {}]) {
      await api.patch(`/variables/${first.id}`, change);
      await api.get(`/variables/${first.id}`);
    }
    await api.patch("/variables/name/first", { name: "third", tags: [] });
    await api.patch("/variables/name/first", { value: 1 });
    await api.patch(`/variables/${UNKNOWN_ID}`, { value: 1 });
    await api.get("/variables/name/third");
    await api.delete("/variables/name/third");
    await api.delete("/variables/name/third");
    await api.delete(`/variables/${first.id}`);
    await api.until(
      () =>
        api.post("/events/filter", { filter: { resource: { id: [`prefect.variable.${first.id}`] }, order: "ASC" } }),
      (answer) => answer.at("total") === 6,
    );
  }),

  script("names and values that are refused or odd", async (api) => {
    for (const name of ["Upper", "a b", "", "a-b_c1", "x".repeat(256), "ü"])
      await api.post("/variables/", { name, value: 1 });
    let n = 0;
    for (const value of ["text", 1, 1.5, true, [], {}, "x".repeat(4998), "x".repeat(5001)]) {
      await api.post("/variables/", { name: `v${n++}`, value });
    }
    await api.post("/variables/", { name: "without-value" });
    await api.post("/variables/", { name: "v", value: 1, extra: 1 });
    await api.post("/variables/", { name: "v", value: 1, tags: "t" });
  }),

  script("filter, sort and count", async (api) => {
    for (const [name, tags] of [
      ["alpha", ["x"]],
      ["beta", ["x", "y"]],
      ["gamma_1", []],
    ] as const) {
      await api.post("/variables/", { name, tags, value: name });
    }
    for (const sort of ["CREATED_DESC", "UPDATED_DESC", "NAME_ASC", "NAME_DESC", "X"])
      await api.post("/variables/filter", { sort });
    for (const variables of [
      { name: { any_: ["alpha"] } },
      { name: { like_: "a_1" } },
      { tags: { all_: ["x", "y"] } },
      { tags: { is_null_: true } },
      { id: { any_: [] } },
      { operator: "or_", name: { any_: ["alpha"] }, tags: { is_null_: true } },
      { unknown: 1 },
    ]) {
      await api.post("/variables/filter", { variables });
      await api.post("/variables/count", { variables });
    }
    await api.post("/variables/filter", { limit: 1, offset: 1 });
    await api.post("/variables/filter", { limit: -1 });
    await api.post("/variables/count");
  }),
]);
