import { script, scriptFile } from "../script.ts";
import { createFlowRun, UNKNOWN_ID } from "./common.ts";

export const root = scriptFile(import.meta.url, "root", [
  script("health, versions, greetings", async (api) => {
    for (const path of ["/health", "/ready", "/hello", "/version", "/admin/version"]) await api.get(path);
    await api.get("/csrf-token?client=abc");
    await api.get("/csrf-token");
    await api.send("HEAD", "/health");
  }),

  script("artifacts", async (api) => {
    const flow_run_id = await createFlowRun(api);
    const first = await api.post("/artifacts/", {
      key: "report",
      type: "markdown",
      data: "# one",
      flow_run_id,
      metadata_: { a: "b" },
    });
    await api.post("/artifacts/", { key: "report", type: "markdown", data: "# two", description: "d", flow_run_id });
    await api.post("/artifacts/", { type: "table", data: [{ a: 1 }], flow_run_id });
    await api.post("/artifacts/", { key: "Not Valid", data: 1 });
    await api.get(`/artifacts/${first.id}`);
    await api.get(`/artifacts/${UNKNOWN_ID}`);
    await api.get("/artifacts/report/latest", { ignore: ["id"] });
    await api.get("/artifacts/unknown/latest");
    for (const artifacts of [
      {},
      { key: { any_: ["report"] } },
      { type: { any_: ["table"] } },
      { key: { exists_: false } },
    ]) {
      await api.post("/artifacts/filter", { artifacts, sort: "CREATED_DESC" }, { unordered: ["body"] });
      await api.post("/artifacts/count", { artifacts });
      await api.post("/artifacts/latest/filter", { artifacts }, { unordered: ["body"], ignore: ["id"] });
      await api.post("/artifacts/latest/count", { artifacts });
    }
    await api.patch(`/artifacts/${first.id}`, { data: "# changed" });
    await api.get(`/artifacts/${first.id}`);
    await api.delete(`/artifacts/${first.id}`);
    await api.delete(`/artifacts/${first.id}`);
  }),

  script("variables", async (api) => {
    const variable = await api.post("/variables/", { name: "my_var", value: { a: [1, 2.5] }, tags: ["x"] });
    await api.post("/variables/", { name: "my_var", value: 1 });
    await api.post("/variables/", { name: "Not Valid", value: 1 });
    await api.get("/variables/name/my_var");
    await api.get("/variables/name/unknown");
    await api.get(`/variables/${variable.id}`);
    await api.patch("/variables/name/my_var", { value: "new" });
    await api.get("/variables/name/my_var");
    await api.post("/variables/filter", {});
    await api.post("/variables/count", {});
    await api.delete("/variables/name/my_var");
    await api.delete("/variables/name/my_var");
  }),
]);
