import { script, scriptFile } from "../script.ts";
import { createFlow, createFlowRun, UNKNOWN_ID } from "./common.ts";

const SORTS = ["CREATED_DESC", "UPDATED_DESC", "NAME_ASC", "NAME_DESC"];

export const flows = scriptFile(import.meta.url, "flows", [
  script("create, find and read", async (api) => {
    const flow = await api.post("/flows/", {
      name: "first",
      tags: ["a", "b"],
      labels: { team: "x", n: 1, f: 1.5, b: true },
    });
    await api.post("/flows/", { name: "first", tags: ["other"] });
    await api.get(`/flows/${flow.id}`);
    await api.get("/flows/name/first");
    await api.get("/flows/name/unknown");
    await api.get(`/flows/${UNKNOWN_ID}`);
    await api.get("/flows/not-a-uuid");
  }),

  script("names that are refused or odd", async (api) => {
    for (const name of ["a/b", "a%b", "a&b", "a>b", "a<b", "", " ", "é 漢字 🎉", "x".repeat(300)])
      await api.post("/flows/", { name });
    await api.get(`/flows/name/${encodeURIComponent("é 漢字 🎉")}`);
  }),

  script("update and delete", async (api) => {
    const id = await createFlow(api);
    await api.patch(`/flows/${id}`, { tags: ["new"] });
    await api.patch(`/flows/${id}`, {});
    await api.patch(`/flows/${id}`, { name: "renamed" });
    await api.get(`/flows/${id}`);
    await api.patch(`/flows/${UNKNOWN_ID}`, { tags: [] });
    await api.delete(`/flows/${id}`);
    await api.delete(`/flows/${id}`);
    await api.get(`/flows/${id}`);
  }),

  script("delete takes the flow's runs along", async (api) => {
    const run = await createFlowRun(api);
    const flow = (await api.get(`/flow_runs/${run}`)).at("flow_id");
    await api.delete(`/flows/${flow}`);
    await api.get(`/flow_runs/${run}`);
  }),

  script("filter, sort, count and paginate", async (api) => {
    for (const [name, tags] of [
      ["alpha", ["x"]],
      ["beta", ["x", "y"]],
      ["gamma_1", []],
      ["ALPHA-2", ["z"]],
    ] as const) {
      await api.post("/flows/", { name, tags });
    }
    await api.post("/flows/filter", {});
    await api.post("/flows/filter");
    for (const sort of SORTS) await api.post("/flows/filter", { sort }, { ignore: [] });
    for (const flows of [
      { name: { any_: ["alpha", "beta"] } },
      { name: { any_: [] } },
      { name: { like_: "alpha" } },
      { name: { like_: "a%a" } },
      { name: { like_: "a_1" } },
      { tags: { all_: ["x"] } },
      { tags: { all_: ["x", "y"] } },
      { tags: { is_null_: true } },
      { tags: { is_null_: false } },
      { id: { any_: [UNKNOWN_ID] } },
      { id: { not_any_: [UNKNOWN_ID] } },
      { operator: "or_", name: { any_: ["alpha"] }, tags: { all_: ["z"] } },
      { deployment: { is_null_: true } },
      { deployment: { is_null_: false } },
    ]) {
      await api.post("/flows/filter", { flows });
      await api.post("/flows/count", { flows });
    }
    await api.post("/flows/filter", { limit: 2, offset: 1 });
    await api.post("/flows/filter", { limit: 0 });
    await api.post("/flows/paginate", { limit: 3, page: 1 });
    await api.post("/flows/paginate", { limit: 3, page: 2 });
    await api.post("/flows/paginate", { limit: 0 });
    await api.post("/flows/count");
  }),

  script("filter through other entities", async (api) => {
    const run = await createFlowRun(api, { tags: ["nightly"], name: "a run" });
    await createFlow(api, "without-runs");
    await api.post("/flows/filter", { flow_runs: { id: { any_: [run] } } });
    await api.post("/flows/filter", { flow_runs: { tags: { all_: ["nightly"] } } });
    await api.post("/flows/filter", { flow_runs: { tags: { all_: ["other"] } } });
    await api.post("/flows/filter", { task_runs: { name: { like_: "x" } } });
    await api.post("/flows/filter", { deployments: { name: { any_: ["x"] } } });
    await api.post("/flows/filter", { work_pools: { name: { any_: ["x"] } } });
    await api.post("/flows/count", { flow_runs: { state: { type: { any_: ["PENDING"] } } } });
  }),

  script("bulk delete", async (api) => {
    const ids = [await createFlow(api, "one"), await createFlow(api, "two"), await createFlow(api, "three")];
    await api.post("/flows/bulk_delete", { flows: { id: { any_: ids.slice(0, 2) } } }, { unordered: ["body.deleted"] });
    await api.post("/flows/bulk_delete", { flows: { id: { any_: [UNKNOWN_ID] } } });
    await api.post("/flows/bulk_delete", { limit: 51 });
    await api.post("/flows/bulk_delete", { limit: 0 });
    await api.post("/flows/count");
    await api.post("/flows/bulk_delete");
  }),
]);
