import { script, scriptFile } from "../script.ts";
import { createFlowRun, createTaskRun, UNKNOWN_ID } from "./common.ts";

export const logs = scriptFile(import.meta.url, "logs", [
  script("write, filter and sort", async (api) => {
    const run = await createFlowRun(api);
    const task = await createTaskRun(api);
    const line = (message: string, at: readonly [level: number, second: number], more: object = {}) => ({
      name: "prefect.flow_runs",
      level: at[0],
      message,
      timestamp: `2030-01-01T00:00:0${at[1]}.5Z`,
      flow_run_id: run,
      ...more,
    });
    await api.post("/logs/", [
      line("three", [40, 3]),
      line("one", [10, 1]),
      line("two 100%", [20, 2], { task_run_id: task }),
    ]);
    await api.post("/logs/", []);
    await api.post("/logs/", [line("four\nlines ü 🎉", [30, 4], { flow_run_id: null, task_run_id: null })]);
    await api.until(
      () => api.post("/logs/filter", {}),
      (answer) => Array.isArray(answer.body) && answer.body.length === 4,
    );
    await api.post("/logs/filter", { sort: "TIMESTAMP_DESC" });
    for (const logs of [
      { level: { ge_: 20 } },
      { level: { le_: 20 } },
      { level: { ge_: 15, le_: 35 } },
      { timestamp: { after_: "2030-01-01T00:00:02.5Z" } },
      { timestamp: { before_: "2030-01-01T00:00:02.5Z" } },
      { flow_run_id: { any_: [run] } },
      { flow_run_id: { any_: [UNKNOWN_ID] } },
      { task_run_id: { any_: [task] } },
      { task_run_id: { is_null_: true } },
      { task_run_id: { is_null_: false } },
      { text: { query: "ONE" } },
      { text: { query: "100%" } },
      { text: { query: "one three" } },
      { text: { query: "-one" } },
      { text: { query: "+flow_runs !two" } },
      { text: { query: '"four lines"' } },
      { text: { query: "x".repeat(201) } },
      { operator: "or_", level: { ge_: 40 }, task_run_id: { any_: [task] } },
      { unknown: 1 },
    ]) {
      await api.post("/logs/filter", { logs });
    }
    await api.post("/logs/filter", { limit: 1, offset: 1 });
    await api.post("/logs/filter", { limit: 201 });
    await api.get(`/flow_runs/${run}/logs/download`);
  }),

  script("download as CSV", async (api) => {
    const run = await createFlowRun(api, { name: 'odd "name", ü' });
    const flow_run_id = run;
    await api.post("/logs/", [
      {
        name: "n",
        level: 20,
        message: 'quotes " and, commas\nand lines',
        timestamp: "2030-01-01T00:00:01Z",
        flow_run_id,
      },
      { name: "n", level: 30, message: "=1+1", timestamp: "2030-01-01T00:00:02.25Z", flow_run_id },
    ]);
    await api.until(
      () => api.post("/logs/filter", {}),
      (answer) => Array.isArray(answer.body) && answer.body.length === 2,
    );
    await api.get(`/flow_runs/${run}/logs/download`);
    await api.get(`/flow_runs/${UNKNOWN_ID}/logs/download`);
  }),

  script("refused logs", async (api) => {
    await api.post("/logs/");
    await api.post("/logs/", {});
    await api.post("/logs/", [{}]);
    await api.post("/logs/", [{ name: "n", level: "high", message: "m", timestamp: "2030-01-01T00:00:01Z" }]);
    await api.post("/logs/", [{ name: "n", level: 20, message: 5, timestamp: "soon" }]);
    await api.post("/logs/", [{ name: "n", level: 20, message: "m", timestamp: "2030-01-01T00:00:01Z", extra: 1 }]);
    await api.post("/logs/filter", {});
  }),
]);
