import { createApi } from "../../compare/api.ts";
import type { Known } from "./schema-paths.ts";

/** Makes one of everything and tells the ids by the fields that refer to them; `n` tells the names of seeds apart. */
export async function seed(apiUrl: string, n: number): Promise<Known> {
  const api = createApi(apiUrl);
  const name = `seed-${n}`;
  const flow_id = (await api.post("/flows/", { name })).id;
  const work_pool_id = (await api.post("/work_pools/", { name, type: "process" })).id;
  const work_queue_id = (await api.post(`/work_pools/${name}/queues`, { name })).id;
  const deployment_id = (await api.post("/deployments/", { name, flow_id, work_pool_name: name })).id;
  const run = await api.post(`/deployments/${deployment_id}/create_flow_run`, {});
  const task_run_id = (await api.post("/task_runs/", { flow_run_id: run.id, task_key: "t", dynamic_key: "0" })).id;
  await api.post("/variables/", { name: `seed_${n}`, value: 1 });
  await api.post("/v2/concurrency_limits/", { name, limit: 1 });
  await api.post("/concurrency_limits/", { tag: name, concurrency_limit: 1 });
  await api.post(`/flow_runs/${run.id}/input`, { key: name, value: "1" });
  const block_type_id = (await api.post("/block_types/", { name, slug: name })).id;
  const schema = await api.post("/block_schemas/", { fields: { title: name, secret_fields: ["a.*"] }, block_type_id });
  const kind = { block_type_id, block_schema_id: schema.id };
  const block_document_id = (await api.post("/block_documents/", { name, data: { a: { b: 1 } }, ...kind })).id;
  const blocks = { ...kind, block_document_id, slug: name, block_document_name: name };
  return {
    ...blocks,
    flow_id,
    work_pool_id,
    work_queue_id,
    deployment_id,
    task_run_id,
    flow_run_id: run.id,
    name,
    key: name,
  };
}

/** What `{id}` and `{name}` mean in a route's path. */
export function knownFor(path: string, known: Known): Known {
  const { name = "", flow_id = "", flow_run_id = "", task_run_id = "", deployment_id = "", work_queue_id = "" } = known;
  const { block_type_id = "", block_schema_id = "", block_document_id = "" } = known;
  const ids: readonly (readonly [string, string])[] = [
    ["/block_types", block_type_id],
    ["/block_schemas", block_schema_id],
    ["/block_documents", block_document_id],
    ["/flows", flow_id],
    ["/flow_runs", flow_run_id],
    ["/task_runs", task_run_id],
    ["/deployments", deployment_id],
    ["/work_queues", work_queue_id],
  ];
  const id = ids.find(([prefix]) => path.startsWith(prefix))?.[1];
  const names = { work_pool_name: name, flow_name: name, deployment_name: name, tag: name, id_or_name: name };
  return { ...known, ...names, ...(id === undefined ? {} : { id }) };
}
