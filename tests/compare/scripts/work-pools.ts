import { script, scriptFile } from "../script.ts";
import { createDeployment, createPool, inSeconds, propose } from "./common.ts";

const TEMPLATE = {
  job_configuration: { command: "{{ command }}", env: "{{ env }}" },
  variables: { type: "object", properties: { command: { type: "string" }, env: { type: "object", default: {} } } },
};

export const workPools = scriptFile(import.meta.url, "work-pools", [
  script("create and read", async (api) => {
    await api.post("/work_pools/", { name: "plain", type: "process" });
    await api.post("/work_pools/", {
      name: "full pool",
      type: "kubernetes",
      description: "d",
      base_job_template: TEMPLATE,
      is_paused: true,
      concurrency_limit: 5,
    });
    await api.get("/work_pools/plain");
    await api.get("/work_pools/full%20pool");
    await api.get("/work_pools/unknown");
    await api.post("/work_pools/plain/queues/filter", {});
    await api.get("/work_pools/plain/queues/default");
  }),

  script("creations that are refused", async (api) => {
    await createPool(api, "taken");
    for (const body of [
      {},
      { name: "taken" },
      { name: "Prefect-own" },
      { name: "a/b" },
      { name: "" },
      { name: "  " },
      { name: "p", concurrency_limit: -1 },
      { name: "p", base_job_template: { variables: {} } },
      { name: "p", base_job_template: { job_configuration: { a: "{{ undeclared }}" }, variables: { properties: {} } } },
      { name: "p", unknown: 1 },
    ]) {
      await api.post("/work_pools/", body);
    }
  }),

  script("update, pause, delete", async (api) => {
    await createPool(api, "pool");
    for (const body of [
      { description: "new" },
      { is_paused: true },
      { is_paused: false, concurrency_limit: 2 },
      { unknown: 1 },
    ]) {
      await api.patch("/work_pools/pool", body);
      await api.get("/work_pools/pool");
    }
    await api.patch("/work_pools/unknown", { is_paused: true });
    await api.delete("/work_pools/pool");
    await api.delete("/work_pools/pool");
  }),

  script("filter and count", async (api) => {
    await createPool(api, "b-pool");
    await createPool(api, "a-pool", { type: "docker" });
    await api.post("/work_pools/filter", {});
    await api.post("/work_pools/filter", { work_pools: { type: { any_: ["docker"] } } });
    await api.post("/work_pools/filter", { work_pools: { name: { any_: ["b-pool", "x"] } } });
    await api.post("/work_pools/filter", { limit: 1, offset: 1 });
    await api.post("/work_pools/count", {});
    await api.post("/work_pools/count", { work_pools: { type: { any_: ["x"] } } });
  }),

  script("queues", async (api) => {
    await createPool(api, "pool");
    await api.post("/work_pools/pool/queues", { name: "second", priority: 1, description: "d", concurrency_limit: 3 });
    await api.post("/work_pools/pool/queues", { name: "third" });
    await api.post("/work_pools/pool/queues", { name: "third" });
    await api.post("/work_pools/unknown/queues", { name: "x" });
    await api.post("/work_pools/pool/queues/filter", {});
    await api.patch("/work_pools/pool/queues/third", { priority: 1, is_paused: true });
    await api.post("/work_pools/pool/queues/filter", {});
    await api.delete("/work_pools/pool/queues/second");
    await api.delete("/work_pools/pool/queues/second");
    await api.get("/work_pools/pool/queues/second");
    await api.post("/work_pools/pool/queues/filter", {});
  }),

  script("workers report and are listed", async (api) => {
    await createPool(api, "pool");
    await api.post("/work_pools/pool/workers/heartbeat", { name: "one", heartbeat_interval_seconds: 30 });
    await api.post("/work_pools/pool/workers/heartbeat", { name: "two" });
    await api.post("/work_pools/unknown/workers/heartbeat", { name: "one" });
    await api.post("/work_pools/pool/workers/filter", {}, { ignore: ["last_heartbeat_time"] });
    await api.get("/work_pools/pool");
    await api.delete("/work_pools/pool/workers/one");
    await api.delete("/work_pools/pool/workers/one");
    await api.post("/work_pools/pool/workers/filter", {}, { ignore: ["last_heartbeat_time"] });
  }),

  script("scheduled flow runs", async (api) => {
    await createPool(api, "pool");
    const deployment = await createDeployment(api, { work_pool_name: "pool" });
    const other = await createDeployment(api, { name: "other", work_pool_name: "pool", work_queue_name: "slow" });
    const create = (id: string, seconds: number, name: string) =>
      api.post(`/deployments/${id}/create_flow_run`, {
        name,
        state: { type: "SCHEDULED", state_details: { scheduled_time: inSeconds(seconds) } },
      });
    const first = await create(deployment, -100, "run one");
    await create(deployment, -50, "run two");
    await create(deployment, 3600, "run later");
    await create(other, -200, "run slow");
    const ask = (body: object) =>
      api.post("/work_pools/pool/get_scheduled_flow_runs", body, { ignore: ["last_polled"] });
    await ask({});
    await ask({ scheduled_before: inSeconds(10) });
    await ask({ scheduled_before: inSeconds(10), limit: 1 });
    await ask({ scheduled_after: inSeconds(10) });
    await ask({ work_queue_names: ["slow"] });
    await ask({ work_queue_names: ["unknown"] });
    await ask({ unknown: 1 });
    await api.post("/work_pools/unknown/get_scheduled_flow_runs", {});
    await api.patch("/work_pools/pool", { concurrency_limit: 1 });
    await ask({ scheduled_before: inSeconds(10) });
    await propose(api, `/flow_runs/${first.id}`, [{ type: "PENDING" }]);
    await ask({ scheduled_before: inSeconds(10) });
    await api.patch("/work_pools/pool", { concurrency_limit: null, is_paused: true });
    await ask({});
    await api.patch("/work_pools/pool", { is_paused: false });
    await api.patch("/work_pools/pool/queues/default", { concurrency_limit: 1 });
    await ask({ scheduled_before: inSeconds(10) });
  }),
]);
