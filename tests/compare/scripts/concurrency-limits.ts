import type { Api } from "../api.ts";
import { script, scriptFile } from "../script.ts";
import { createDeployment, createFlow, createTaskRun, propose, UNKNOWN_ID } from "./common.ts";

const V2 = "/v2/concurrency_limits";
const V1 = "/concurrency_limits";
const HOLDER = { type: "flow_run", id: UNKNOWN_ID };
const OTHER_ID = "00000000-0000-4000-8000-000000000001";

function createLimit(api: Api, fields: Readonly<Record<string, unknown>>) {
  return api.post(`${V2}/`, fields);
}

/** A deployment with one slot, and runs of it that wait. */
async function limitedDeployment(api: Api, options?: unknown): Promise<readonly string[]> {
  const more = options === undefined ? {} : { concurrency_options: options };
  const deployment_id = await createDeployment(api, { concurrency_limit: 1, ...more });
  const flow_id = await createFlow(api);
  const ids: string[] = [];
  for (const name of ["one", "two", "three"]) {
    const run = { flow_id, deployment_id, name, state: { type: "SCHEDULED" } };
    ids.push((await api.post("/flow_runs/", run)).id);
  }
  return ids;
}

export const concurrencyLimits = scriptFile(import.meta.url, "concurrency-limits", [
  script("create, read, list, change and delete limits by name or id", async (api) => {
    const limit = await createLimit(api, { name: "b-limit", limit: 3 });
    await createLimit(api, { name: "a-limit", limit: 1, active: false, slot_decay_per_second: 0.5, active_slots: 1 });
    await createLimit(api, { name: "b-limit", limit: 4 });
    await createLimit(api, { name: "bad/name", limit: 4 });
    await createLimit(api, { name: "negative", limit: -1 });
    await createLimit(api, { limit: 1, extra: true });
    await api.get(`${V2}/b-limit`);
    await api.get(`${V2}/${limit.id}`);
    await api.get(`${V2}/unknown`);
    await api.get(`${V2}/${UNKNOWN_ID}`);
    await api.post(`${V2}/filter`, { limit: 10 });
    await api.post(`${V2}/filter`, { limit: 1, offset: 1 });
    await api.post(`${V2}/filter`);
    await api.patch(`${V2}/b-limit`, { limit: 7, active_slots: 2 });
    await api.patch(`${V2}/b-limit`, { name: "a-limit" });
    await api.patch(`${V2}/unknown`, { limit: 7 });
    await api.get(`${V2}/b-limit`);
    await api.delete(`${V2}/${limit.id}`);
    await api.delete(`${V2}/b-limit`);
  }),

  script("take and give back slots", async (api) => {
    await createLimit(api, { name: "two", limit: 2 });
    await createLimit(api, { name: "off", limit: 0, active: false });
    await api.post(`${V2}/increment`, { names: ["two", "off", "unknown"], slots: 1 }, { unordered: ["body"] });
    await api.post(`${V2}/increment`, { names: ["two"], slots: 3 });
    await api.post(`${V2}/increment`, { names: ["two"], slots: 1, mode: "rate_limit" });
    await api.post(`${V2}/increment`, { names: ["two"], slots: 1, create_if_missing: true });
    await api.get(`${V2}/two`);
    await api.post(`${V2}/increment`, { names: ["unknown"], slots: 1 });
    await api.post(`${V2}/increment`, { names: [], slots: 1 });
    await api.post(`${V2}/increment`, { names: ["two"], slots: 0 });
    await api.post(`${V2}/increment`, { names: ["two"], slots: 1, mode: "nonsense" });
    await api.post(`${V2}/decrement`, { names: ["two"], slots: 1, occupancy_seconds: 4 });
    await api.post(`${V2}/decrement`, { names: ["two", "unknown"], slots: 9 });
    await api.post(`${V2}/decrement`, { names: ["unknown"], slots: 1 });
    await api.get(`${V2}/two`);
  }),

  script("slots under a lease", async (api) => {
    await createLimit(api, { name: "one", limit: 1 });
    const names = ["one"];
    const taken = await api.post(`${V2}/increment-with-lease`, { names, slots: 1, holder: HOLDER });
    const lease_id = String(taken.at("lease_id"));
    await api.get(`${V2}/one`);
    await api.post(`${V2}/leases/${lease_id}/renew`, { lease_duration: 60 });
    await api.post(`${V2}/leases/${lease_id}/renew`);
    await api.post(`${V2}/leases/${UNKNOWN_ID}/renew`, { lease_duration: 60 });
    await api.post(`${V2}/leases/nope/renew`, { lease_duration: 60 });
    await api.post(`${V2}/decrement-with-lease`, { lease_id });
    await api.post(`${V2}/decrement-with-lease`, { lease_id });
    await api.post(`${V2}/leases/${lease_id}/renew`, { lease_duration: 60 });
    await api.get(`${V2}/one`);
    await api.post(`${V2}/increment-with-lease`, { names: ["unknown"], slots: 1 });
    await api.post(`${V2}/increment-with-lease`, { names, slots: 1, holder: { type: "nonsense", id: UNKNOWN_ID } });
    await api.post(`${V2}/decrement-with-lease`, {});
  }),

  script("limits on tags", async (api) => {
    const limit = await api.post(`${V1}/`, { tag: "small", concurrency_limit: 1 });
    await api.post(`${V1}/`, { tag: "small", concurrency_limit: 2 });
    await api.post(`${V1}/`, { tag: "zero", concurrency_limit: 0 });
    await api.post(`${V1}/`, { tag: "x" });
    const take = (names: readonly string[], task_run_id: string) =>
      api.post(`${V1}/increment`, { names, task_run_id }, { unordered: ["body"] });
    await take(["small", "unknown"], UNKNOWN_ID);
    await take(["small"], OTHER_ID);
    await take(["small"], UNKNOWN_ID);
    await take(["zero"], UNKNOWN_ID);
    await take(["unknown"], UNKNOWN_ID);
    await api.get(`${V1}/${limit.id}`);
    await api.get(`${V1}/tag/small`);
    await api.get(`${V1}/tag/unknown`);
    await api.get(`${V1}/${UNKNOWN_ID}`);
    await api.get(`${V2}/tag:small`);
    await api.post(`${V1}/filter`, { limit: 5 });
    await api.post(`${V1}/decrement`, { names: ["small"], task_run_id: OTHER_ID });
    await api.post(`${V1}/decrement`, { names: ["small"], task_run_id: OTHER_ID });
    await api.get(`${V1}/tag/small`);
    await api.post(`${V1}/tag/small/reset`, { slot_override: [OTHER_ID] });
    await api.get(`${V1}/tag/small`);
    await api.post(`${V1}/tag/unknown/reset`, {});
    await api.delete(`${V1}/tag/small`);
    await api.delete(`${V1}/tag/small`);
    await api.delete(`${V1}/${limit.id}`);
  }),

  script("runs of a deployment wait for its slot", async (api) => {
    const [one, two] = await limitedDeployment(api);
    await propose(api, `/flow_runs/${one}`, [{ type: "PENDING" }, { type: "PENDING", name: "Submitting" }]);
    await api.post(`${V2}/filter`);
    await propose(api, `/flow_runs/${two}`, [{ type: "PENDING" }]);
    await propose(api, `/flow_runs/${one}`, [{ type: "RUNNING" }, { type: "COMPLETED" }]);
    await api.post(`${V2}/filter`);
    await propose(api, `/flow_runs/${two}`, [{ type: "PENDING" }, { type: "RUNNING" }, { type: "CANCELLING" }]);
    await api.post(`${V2}/filter`);
    await propose(api, `/flow_runs/${two}`, [{ type: "CANCELLED" }]);
    await api.post(`${V2}/filter`);
  }),

  script("a client that renews its lease keeps it, and gives it back at the end", async (api) => {
    const [one, two] = await limitedDeployment(api, { collision_strategy: "ENQUEUE", grace_period_seconds: 60 });
    const headers = { "user-agent": "prefect/3.9.1 (API 0.8.4)" };
    const set = (id: string | undefined, state: unknown) =>
      api.post(`/flow_runs/${id}/set_state`, { state }, { headers });
    const pending = await set(one, { type: "PENDING" });
    const lease = String(pending.at("state.state_details.deployment_concurrency_lease_id"));
    await api.post(`${V2}/leases/${lease}/renew`, { lease_duration: 60 });
    await set(one, { type: "RUNNING" });
    await api.post(`${V2}/leases/${lease}/renew`, { lease_duration: 60 });
    await set(one, { type: "COMPLETED" });
    await api.post(`${V2}/leases/${lease}/renew`, { lease_duration: 60 });
    await api.post(`${V2}/filter`);
    const lost = String(
      (await set(two, { type: "PENDING" })).at("state.state_details.deployment_concurrency_lease_id"),
    );
    await api.post(`${V2}/decrement-with-lease`, { lease_id: lost });
    await set(two, { type: "RUNNING" });
    await api.post(`${V2}/filter`);
  }),

  script("runs of a deployment that cancels what finds no slot", async (api) => {
    const [one, two, three] = await limitedDeployment(api, { collision_strategy: "CANCEL_NEW" });
    await propose(api, `/flow_runs/${one}`, [{ type: "PENDING" }]);
    await propose(api, `/flow_runs/${two}`, [{ type: "PENDING" }]);
    await api.delete(`/flow_runs/${one}`);
    await api.post(`${V2}/filter`);
    await propose(api, `/flow_runs/${three}`, [{ type: "PENDING" }, { type: "RUNNING" }, { type: "CRASHED" }]);
    await api.post(`${V2}/filter`);
  }),

  script("a deployment without any slot", async (api) => {
    const [one] = await limitedDeployment(api);
    const name = String((await api.post(`${V2}/filter`)).at("0.name"));
    await api.patch(`${V2}/${name}`, { limit: 0 });
    await propose(api, `/flow_runs/${one}`, [{ type: "PENDING" }]);
  }),
]);

/** Not on SQLite: the reference takes the slots in a second transaction, which waits for the first one for ever. */
export const tagSlots = scriptFile(import.meta.url, "tag-slots", [
  script("task runs that REST orchestrates take slots of their tags", async (api) => {
    await api.post(`${V1}/`, { tag: "small", concurrency_limit: 1 });
    const one = await createTaskRun(api, { tags: ["small"] });
    const two = await createTaskRun(api, { tags: ["small"], dynamic_key: "1" });
    await propose(api, `/task_runs/${one}`, [{ type: "RUNNING" }]);
    await api.get(`${V1}/tag/small`);
    const waits = { ignore: ["delay_seconds"] };
    await api.post(`/task_runs/${two}/set_state`, { state: { type: "RUNNING" } }, waits);
    await propose(api, `/task_runs/${one}`, [{ type: "COMPLETED" }]);
    await api.get(`${V2}/tag:small`);
    await propose(api, `/task_runs/${two}`, [{ type: "RUNNING" }, { type: "FAILED" }]);
  }),
]);
