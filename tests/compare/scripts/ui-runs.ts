import { script, scriptFile } from "../script.ts";
import { createDeployment, createFlow, createFlowRun, inSeconds, UNKNOWN_ID } from "./common.ts";

export const uiRuns = scriptFile(import.meta.url, "ui-runs", [
  script("runs for a chart", async (api) => {
    await createFlowRun(api, { state: { type: "RUNNING" } });
    await createFlowRun(api, { state: { type: "SCHEDULED", state_details: { scheduled_time: inSeconds(-7200) } } });
    await createFlowRun(api, { state: { type: "SCHEDULED", state_details: { scheduled_time: inSeconds(7200) } } });
    const ignore = ["lateness", "duration"];
    await api.post("/ui/flow_runs/history", undefined, { ignore });
    await api.post("/ui/flow_runs/history", { sort: "EXPECTED_START_TIME_ASC", limit: 2, offset: 1 }, { ignore });
    await api.post("/ui/flow_runs/history", { flow_runs: { state: { type: { any_: ["RUNNING"] } } } }, { ignore });
    await api.post("/ui/flow_runs/history", { flows: { name: { any_: ["unknown"] } } });
    await api.post("/ui/flow_runs/history", { limit: 1001 });
    await api.post("/ui/flow_runs/history", { offset: -1 });
    await api.post("/ui/flow_runs/history", { sort: "NOPE" });
  }),

  script("task runs of flow runs", async (api) => {
    const id = await createFlowRun(api, { state: { type: "RUNNING" } });
    const task = (key: string) => api.post("/task_runs/", { flow_run_id: id, task_key: key, dynamic_key: "0" });
    await task("one");
    const parent_task_run_id = (await task("two")).id;
    await createFlowRun(api, { parent_task_run_id });
    await api.post("/ui/flow_runs/count-task-runs", { flow_run_ids: [id, UNKNOWN_ID, id] });
    await api.post("/ui/flow_runs/count-task-runs", { flow_run_ids: [] });
    await api.post("/ui/flow_runs/count-task-runs", {});
    await api.post("/ui/flow_runs/count-task-runs", { flow_run_ids: Array(201).fill(UNKNOWN_ID) });
    await api.post("/ui/flow_runs/count-task-runs", { flow_run_ids: ["nope"] });
  }),

  script("flows with their deployments and next runs", async (api) => {
    const flow_id = await createFlow(api);
    await createDeployment(api);
    const flow_ids = [flow_id, UNKNOWN_ID];
    await api.post("/ui/flows/count-deployments", { flow_ids });
    await api.post("/ui/flows/next-runs", { flow_ids });
    for (const seconds of [7200, 3600]) {
      const state = { type: "SCHEDULED", state_details: { scheduled_time: inSeconds(seconds) } };
      await api.post("/flow_runs/", { flow_id, state, name: `in ${seconds} s` });
    }
    await api.post("/flow_runs/", { flow_id, name: "pending" });
    await api.post("/ui/flows/next-runs", { flow_ids });
    await api.post("/ui/flows/next-runs", {});
    await api.post("/ui/flows/count-deployments", { flow_ids: Array(201).fill(UNKNOWN_ID) });
  }),
]);
