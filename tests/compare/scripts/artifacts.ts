import { script, scriptFile } from "../script.ts";
import { createFlowRun, UNKNOWN_ID } from "./common.ts";

export const artifacts = scriptFile(import.meta.url, "artifacts", [
  script("versions of one key", async (api) => {
    const run = await createFlowRun(api, { empirical_policy: { retry_delay_seconds: 1 } });
    const first = await api.post("/artifacts/", {
      key: "a-key",
      type: "markdown",
      description: "d",
      data: "hello",
      metadata_: { a: "b", long: "x".repeat(600) },
      flow_run_id: run,
    });
    const second = await api.post("/artifacts/", { key: "a-key", type: "table", data: { a: 1.5, b: [null] } });
    await api.get(`/artifacts/${first.id}`);
    const collection = await api.get("/artifacts/a-key/latest");
    await api.get("/artifacts/other/latest");
    await api.post("/artifacts/latest/filter", {});
    await api.patch(`/artifacts/${second.id}`, { data: "changed", description: "new" });
    await api.get("/artifacts/a-key/latest");
    await api.delete(`/artifacts/${second.id}`);
    await api.get("/artifacts/a-key/latest");
    await api.delete(`/artifacts/${first.id}`);
    await api.get("/artifacts/a-key/latest");
    await api.delete(`/artifacts/${first.id}`);
    await api.until(
      () =>
        api.post("/events/filter", {
          filter: { resource: { id: [`prefect.artifact-collection.${collection.id}`] }, order: "ASC" },
        }),
      (answer) => answer.at("total") === 4,
    );
  }),

  script("without a key, odd and refused", async (api) => {
    const plain = await api.post("/artifacts/", { type: "table", data: [1, 2] });
    await api.post("/artifacts/", {});
    for (const body of [
      { key: "Bad Key" },
      { key: "" },
      { unknown: 1 },
      { metadata_: { a: 1 } },
      { flow_run_id: "x" },
    ]) {
      await api.post("/artifacts/", body);
    }
    await api.patch(`/artifacts/${plain.id}`, {});
    await api.patch(`/artifacts/${plain.id}`, { data: null });
    await api.patch(`/artifacts/${plain.id}`, { key: "new" });
    await api.patch(`/artifacts/${UNKNOWN_ID}`, { data: 1 });
    await api.get(`/artifacts/${plain.id}`);
    await api.get(`/artifacts/${UNKNOWN_ID}`);
    await api.get("/artifacts/not-a-uuid");
  }),

  script("filter, sort and count", async (api) => {
    const run = await createFlowRun(api, { empirical_policy: { retry_delay_seconds: 1 } });
    for (const [key, type] of [
      ["one", "markdown"],
      ["two", "table"],
      ["two", "link"],
    ]) {
      await api.post("/artifacts/", { key, type, flow_run_id: type === "link" ? run : null });
    }
    await api.post("/artifacts/", { type: "result" });
    for (const sort of ["CREATED_DESC", "UPDATED_DESC"]) await api.post("/artifacts/filter", { sort });
    for (const sort of ["KEY_ASC", "KEY_DESC", "ID_DESC", "X"])
      await api.post("/artifacts/latest/filter", { sort, limit: 0 });
    for (const artifacts of [
      { key: { any_: ["two"] } },
      { key: { like_: "w" } },
      { key: { exists_: true } },
      { key: { exists_: false } },
      { type: { any_: ["table", "result"] } },
      { type: { not_any_: ["table"] } },
      { flow_run_id: { any_: [run] } },
      { task_run_id: { any_: [UNKNOWN_ID] } },
      { operator: "or_", key: { any_: ["one"] }, type: { any_: ["link"] } },
      { bad: 1 },
    ]) {
      await api.post("/artifacts/filter", { artifacts, sort: "CREATED_DESC" });
      await api.post("/artifacts/count", { artifacts });
      await api.post("/artifacts/latest/filter", { artifacts, sort: "KEY_ASC" });
      await api.post("/artifacts/latest/count", { artifacts });
    }
    for (const filter of [
      { flow_runs: {} },
      { flow_runs: { id: { any_: [run] } } },
      { flows: {} },
      { task_runs: {} },
      { deployments: {} },
    ]) {
      await api.post("/artifacts/count", filter);
      await api.post("/artifacts/latest/count", filter);
    }
    await api.post("/artifacts/filter", { limit: 1, offset: 1, sort: "CREATED_DESC" });
    await api.post("/artifacts/filter", { limit: 201 });
    await api.post("/artifacts/filter", []);
  }),
]);
