import { randomUUID } from "node:crypto";
import type { Answer, Api } from "../api.ts";
import { script, scriptFile } from "../script.ts";
import { createDeployment, createFlowRun, createPool, inSeconds, propose } from "../scripts/common.ts";
import { CAUSE } from "./stream.ts";

/** Services that do their work at once, and take whoever is silent for a second to be gone. */
export const EAGER: Readonly<Record<string, string>> = {
  PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS: "0.5",
  PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_LOOP_SECONDS: "0.5",
  PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_LOOP_SECONDS: "0.5",
  PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_CANCELLING_TIMEOUT_SECONDS: "1",
  PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS: "1",
  PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS: "1",
  PREFECT_SERVER_SERVICES_FOREMAN_LOOP_SECONDS: "1",
  PREFECT_SERVER_SERVICES_FOREMAN_INACTIVITY_HEARTBEAT_MULTIPLE: "1",
  PREFECT_SERVER_SERVICES_FOREMAN_DEPLOYMENT_LAST_POLLED_TIMEOUT_SECONDS: "1",
  PREFECT_SERVER_SERVICES_FOREMAN_WORK_QUEUE_LAST_POLLED_TIMEOUT_SECONDS: "1",
};

const untilState = (api: Api, id: string, name: string) =>
  api.until(
    () => api.get(`/flow_runs/${id}`),
    (answer) => answer.at("state.name") === name,
  );
const untilStatus = (api: Api, path: string, status: string) =>
  api.until(
    () => api.get(path),
    (answer) => answer.at("status") === status,
  );

const late = script("a late run", async (api) => {
  const scheduled = { type: "SCHEDULED", state_details: { scheduled_time: inSeconds(-60) } };
  await untilState(api, await createFlowRun(api, { state: scheduled, tags: ["t"] }), "Late");
});

const paused = script("a pause that ends", async (api) => {
  const id = await createFlowRun(api, { state: { type: "RUNNING" } });
  await propose(api, `/flow_runs/${id}`, [{ type: "PAUSED", state_details: { pause_timeout: inSeconds(1) } }]);
  await untilState(api, id, "Failed");
});

const cancelled = script("a subflow of a cancelled run", async (api) => {
  const parent = await createFlowRun(api, { state: { type: "RUNNING" } });
  const task = await api.post("/task_runs/", { flow_run_id: parent, task_key: "a-task", dynamic_key: "0" });
  const child = await createFlowRun(api, { state: { type: "RUNNING" }, parent_task_run_id: task.id });
  await propose(api, `/flow_runs/${parent}`, [{ type: "CANCELLED" }]);
  await untilState(api, child, "Cancelled");
});

const cancelling = script("a cancellation that nobody carries out", async (api) => {
  const id = await createFlowRun(api, { state: { type: "RUNNING" } });
  await propose(api, `/flow_runs/${id}`, [{ type: "CANCELLING" }]);
  await untilState(api, id, "Cancelled");
});

const schedules = script("runs of a schedule", async (api) => {
  await createPool(api, "pool");
  const deployment = await createDeployment(api, {
    work_pool_name: "pool",
    tags: ["t"],
    schedules: [{ schedule: { interval: 7200, anchor_date: "2026-01-01T00:00:00Z" }, active: true }],
  });
  const filter = { deployments: { id: { any_: [deployment] } }, sort: "EXPECTED_START_TIME_ASC" };
  await api.until(
    () => api.post("/flow_runs/filter", filter),
    (answer) => answer.at("2.id") !== undefined,
  );
  await api.post(`/deployments/${deployment}/pause_deployment`);
});

const workers = script("a worker that falls silent", async (api) => {
  await createPool(api, "pool");
  await api.post("/work_pools/pool/workers/heartbeat", { name: "one", heartbeat_interval_seconds: 1 });
  await untilStatus(api, "/work_pools/pool", "READY");
  await untilStatus(api, "/work_pools/pool", "NOT_READY");
  await api.post("/work_pools/pool/workers/heartbeat", { name: "one", heartbeat_interval_seconds: 60 });
  await untilStatus(api, "/work_pools/pool", "READY");
});

const polls = script("a queue and a deployment that are polled no more", async (api) => {
  await createPool(api, "pool");
  const deployment = await createDeployment(api, { work_pool_name: "pool" });
  const queue = await api.post("/work_pools/pool/queues", { name: "other" });
  await api.post("/work_pools/pool/get_scheduled_flow_runs", { work_queue_names: ["other"] });
  await untilStatus(api, `/work_queues/${queue.id}`, "READY");
  await untilStatus(api, `/work_queues/${queue.id}`, "NOT_READY");
  await api.post("/deployments/get_scheduled_flow_runs", { deployment_ids: [deployment] });
  await untilStatus(api, `/deployments/${deployment}`, "READY");
  await untilStatus(api, `/deployments/${deployment}`, "NOT_READY");
});

const MAX_TRIES = 3;
const EVENT = (type: string) => ({ type: "event", posture: "Reactive", expect: [type], threshold: 1, within: 0 });

/** Sends events until an automation fires: the reference may hear of the automation only after them. */
async function fire(api: Api, names: readonly string[], actions: number): Promise<void> {
  const resource = { "prefect.resource.id": CAUSE, "prefect.resource.name": "cause" };
  const untilTold = async (told: readonly string[], total: number) => {
    const name = told.map((each) => `prefect.automation.${each}`);
    const ask = () => api.post("/events/filter", { filter: { event: { name } } }, { ignore: ["events"] });
    const isTold = (answer: Answer) => Number(answer.at("total")) >= total;
    return isTold(await api.until(ask, isTold));
  };
  const causes = names.map((event, index) => ({ event, resource, occurred: inSeconds(index / 1000) }));
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    for (const cause of causes) await api.post("/events", [{ id: randomUUID(), ...cause }]);
    if (await untilTold(["triggered"], 1)) break;
  }
  await untilTold(["action.executed", "action.failed"], actions);
}

const reactive = script("an automation that fires", async (api) => {
  const actions = [{ type: "do-nothing" }, { type: "pause-work-pool", source: "inferred" }];
  const automation = {
    name: "watch",
    trigger: EVENT("it.happened"),
    actions,
    actions_on_trigger: [{ type: "do-nothing" }],
  };
  await api.post("/automations/", automation);
  await fire(api, ["it.happened"], 3);
});

const compound = script("an automation that waits for two events in order", async (api) => {
  const trigger = { type: "sequence", triggers: [EVENT("first"), EVENT("second")], within: 60 };
  await api.post("/automations/", { name: "watch", trigger, actions: [{ type: "do-nothing" }] });
  await fire(api, ["first", "second"], 1);
});

export const services = scriptFile(import.meta.url, "services", [
  late,
  paused,
  cancelled,
  cancelling,
  schedules,
  workers,
  polls,
  reactive,
  compound,
]);
