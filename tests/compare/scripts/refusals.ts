import { script, scriptFile } from "../script.ts";
import { createDeployment, createFlowRun, createPool, createTaskRun, UNKNOWN_ID } from "./common.ts";

const NO_SORT = { sort: "NO_SUCH_ORDER" };
const FAR = "2030-01-01T00:00:00Z";

/** Bodies that the operation refuses before it looks for anything. */
const REFUSED: readonly (readonly [path: string, body: unknown])[] = [
  ["/flows/count", { flows: { name: { any_: "alpha" } } }],
  ["/flows/filter", NO_SORT],
  ["/flows/paginate", { page: 0 }],
  ["/flow_runs/lateness", { flow_runs: { state: { type: { any_: ["NO_SUCH_TYPE"] } } } }],
  ["/task_runs/history", { history_start: FAR, history_end: FAR, history_interval: "soon" }],
  ["/task_runs/paginate", NO_SORT],
  ["/deployments/paginate", { page: "first" }],
  ["/deployments/get_scheduled_flow_runs", { deployment_ids: ["x"] }],
  ["/concurrency_limits/filter", { limit: -1 }],
  ["/concurrency_limits/decrement", { names: ["x"] }],
  ["/v2/concurrency_limits/filter", { offset: -1 }],
  ["/v2/concurrency_limits/decrement", { names: ["x"], slots: 0 }],
  ["/work_pools/filter", { work_pools: { type: { any_: [1] } } }],
  ["/work_pools/count", { work_pools: [] }],
  ["/work_pools/unknown/concurrency_status", { page: -1 }],
  ["/work_pools/unknown/queues/filter", {}],
  ["/work_pools/unknown/queues/filter", { work_queues: { name: 1 } }],
  ["/work_pools/unknown/workers/filter", { limit: "all" }],
  ["/work_queues/filter", { work_queues: { name: { any_: null, startswith_: 1 } } }],
  [`/work_queues/${UNKNOWN_ID}/concurrency_status`, {}],
  [`/work_queues/${UNKNOWN_ID}/get_runs`, {}],
  [`/flow_runs/${UNKNOWN_ID}/resume`, { run_input: 5 }],
  ["/ui/task_runs/count", { task_runs: { id: "x" } }],
];

export const refusals = scriptFile(import.meta.url, "refusals", [
  script("bodies that do not fit", async (api) => {
    for (const [path, body] of REFUSED) await api.post(path, body);
  }),

  script("things that are not there", async (api) => {
    await api.delete(`/work_queues/${UNKNOWN_ID}`);
    await api.patch("/work_pools/unknown/queues/unknown", { description: "x" });
    await api.get(`/deployments/${UNKNOWN_ID}/work_queue_check`);
    await api.get("/deployments/x/work_queue_check");
    await api.delete(`/concurrency_limits/${UNKNOWN_ID}`);
    await api.delete(`/variables/${UNKNOWN_ID}`);
  }),

  script("reading and deleting by id", async (api) => {
    const limit = await api.post("/concurrency_limits/", { tag: "x", concurrency_limit: 1 });
    await api.delete(`/concurrency_limits/${limit.id}`);
    const variable = await api.post("/variables/", { name: "x", value: 1 });
    await api.delete(`/variables/${variable.id}`);
    const taskRun = await createTaskRun(api, { state: { type: "RUNNING" } });
    const state = (await api.get(`/task_runs/${taskRun}`)).at("state_id");
    await api.get(`/task_run_states/${state}`);
  }),

  script("the runs and the concurrency of a pool and of its queue", async (api) => {
    await createPool(api);
    const queue = await api.post("/work_pools/a-pool/queues", { name: "q", concurrency_limit: 2 });
    const deployment = await createDeployment(api, { work_pool_name: "a-pool", work_queue_name: "q" });
    await api.post(`/deployments/${deployment}/create_flow_run`, { state: { type: "RUNNING" } });
    await api.post("/work_pools/a-pool/concurrency_status", {});
    await api.post("/work_pools/a-pool/concurrency_status", { limit: 1, page: 2 });
    await api.post("/work_pools/unknown/concurrency_status", {});
    await api.post(`/work_queues/${queue.id}/concurrency_status`, {});
    await createFlowRun(api, { work_queue_name: "q", work_pool_name: "a-pool", state: { type: "SCHEDULED" } });
    await api.post(`/work_queues/${queue.id}/get_runs`, {});
    await api.post(`/work_queues/${queue.id}/get_runs`, { limit: 1, scheduled_before: FAR });
    await api.post(`/work_queues/${queue.id}/get_runs`, { limit: "x" });
  }),
]);

/** On PostgreSQL the reference takes a queue without a filter for one that lets nothing in. */
export const queueChecks = scriptFile(import.meta.url, "queue-checks", [
  script("the queues that a deployment's runs may be taken from", async (api) => {
    await createPool(api);
    await api.post("/work_queues/", { name: "default" });
    await api.post("/work_queues/", { name: "other", filter: { tags: ["x"] } });
    const plain = await createDeployment(api);
    await api.get(`/deployments/${plain}/work_queue_check`, { unordered: ["body"] });
    const queued = await createDeployment(api, { name: "queued", tags: ["x"], work_pool_name: "a-pool" });
    await api.get(`/deployments/${queued}/work_queue_check`, { unordered: ["body"] });
  }),
]);
