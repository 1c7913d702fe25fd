import { script, scriptFile } from "../script.ts";
import { createFlowRun, createTaskRun } from "./common.ts";

export const observedStates = scriptFile(import.meta.url, "observed-states", [
  script("states that runs have had", async (api) => {
    await api.get("/observed-states");
    for (const state of [
      { type: "COMPLETED", name: "Odd%_", timestamp: "2020-01-02T00:00:00Z" },
      { type: "COMPLETED", timestamp: "2020-01-02T00:00:00.5Z" },
      { type: "FAILED", name: "failed", timestamp: "2020-01-03T00:00:00.000001Z" },
    ]) {
      const id = await createFlowRun(api);
      await api.post(`/flow_runs/${id}/set_state`, { state, force: true });
    }
    await createTaskRun(api, { state: { type: "COMPLETED" } });
    await createFlowRun(api, { state: { type: "RUNNING" } });
    const ignore = ["first_seen", "last_seen"];
    await api.get("/observed-states?order_by=NAME_ASC", { ignore });
    for (const query of ["fail", " COMP ", "odd", "odd%25", "odd%25_", "_dd", "%25", "", "nothing"]) {
      await api.get(`/observed-states?order_by=NAME_ASC&query=${query}`, { ignore });
    }
    await api.get("/observed-states?query=odd");
    await api.get("/observed-states?order_by=NAME_ASC&limit=2", { ignore });
  }),

  script("what is refused", async (api) => {
    for (const query of ["limit=0", "limit=201", "limit=x", "order_by=X", `query=${"x".repeat(101)}`]) {
      await api.get(`/observed-states?${query}`);
    }
    await api.post("/observed-states", {});
  }),
]);
