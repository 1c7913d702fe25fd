import { script, scriptFile } from "../script.ts";
import { UNKNOWN_ID } from "./common.ts";

const filter = (value: unknown) => ({ object: "flow", property: "name", type: "string", operation: "eq", value });

export const savedSearches = scriptFile(import.meta.url, "saved-searches", [
  script("save, change, read and delete", async (api) => {
    const { id } = await api.put("/saved_searches/", { name: "b", filters: [filter([1, null, { a: 1.5 }])] });
    await api.put("/saved_searches/", { name: "a" });
    await api.get(`/saved_searches/${id}`);
    await api.put("/saved_searches/", { name: "b", filters: [filter("x"), filter(null)] });
    await api.post("/saved_searches/filter");
    await api.post("/saved_searches/filter", { limit: 1, offset: 1 });
    await api.put("/saved_searches/", { name: "b" });
    await api.get(`/saved_searches/${id}`);
    await api.delete(`/saved_searches/${id}`);
    await api.delete(`/saved_searches/${id}`);
    await api.get(`/saved_searches/${id}`);
    await api.get(`/saved_searches/${UNKNOWN_ID}`);
    await api.post("/saved_searches/filter", {});
  }),

  script("what is refused", async (api) => {
    for (const body of [
      {},
      { name: null },
      { name: "" },
      { name: "x", filters: null },
      { name: "x", filters: [{}] },
      { name: "x", filters: [{ ...filter(1), extra: 1 }] },
      { name: "x", extra: 1 },
    ]) {
      await api.put("/saved_searches/", body);
    }
    await api.post("/saved_searches/filter", { limit: 201 });
    await api.post("/saved_searches/filter", { offset: -1 });
    await api.get("/saved_searches/nope");
  }),
]);
