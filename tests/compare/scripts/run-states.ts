import { script, scriptFile } from "../script.ts";
import { createFlowRun, UNKNOWN_ID } from "./common.ts";

export const runStates = scriptFile(import.meta.url, "run-states", [
  script("states of a flow run", async (api) => {
    const run = await createFlowRun(api, { empirical_policy: { retry_delay_seconds: 1 } });
    await api.post(`/flow_runs/${run}/set_state`, { state: { type: "RUNNING" } });
    const last = await api.post(`/flow_runs/${run}/set_state`, {
      state: { type: "COMPLETED", message: "done", data: { type: "literal", value: 1.5 } },
    });
    await api.get(`/flow_run_states/?flow_run_id=${run}`);
    await api.get(`/flow_run_states/${String(last.at("state.id"))}`);
    await api.get(`/flow_run_states/${UNKNOWN_ID}`);
    await api.get(`/flow_run_states/?flow_run_id=${UNKNOWN_ID}`);
    await api.get("/flow_run_states/?flow_run_id=x");
    await api.get("/flow_run_states/");
    await api.get("/flow_run_states");
  }),

  script("unknown states of a task run", async (api) => {
    await api.get(`/task_run_states/${UNKNOWN_ID}`);
    await api.get(`/task_run_states/?task_run_id=${UNKNOWN_ID}`);
    await api.get("/task_run_states/");
  }),
]);
