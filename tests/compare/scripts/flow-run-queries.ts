import type { Api } from "../api.ts";
import { script, scriptFile } from "../script.ts";
import { createFlow, inSeconds, propose, UNKNOWN_ID } from "./common.ts";

const SORTS = [
  "ID_DESC",
  "START_TIME_ASC",
  "START_TIME_DESC",
  "EXPECTED_START_TIME_ASC",
  "EXPECTED_START_TIME_DESC",
  "NAME_ASC",
  "NAME_DESC",
  "NEXT_SCHEDULED_START_TIME_ASC",
  "END_TIME_DESC",
];

// The order of states inside a bucket is the database's.
const BUCKETS = { unordered: ["body.0.states", "body.1.states", "body.2.states", "body.3.states", "body.4.states"] };

/** Five runs of two flows in different states and at different times. */
async function fiveRuns(api: Api): Promise<readonly string[]> {
  const one = await createFlow(api, "flow-one");
  const two = await createFlow(api, "flow-two");
  const scheduled = (seconds: number) => ({ type: "SCHEDULED", state_details: { scheduled_time: inSeconds(seconds) } });
  const bodies = [
    { flow_id: one, name: "run a", tags: ["x"], state: scheduled(3600), flow_version: "1" },
    { flow_id: one, name: "run b", tags: ["x", "y"], state: scheduled(-7200), flow_version: "2" },
    { flow_id: one, name: "run c", tags: [], state: { type: "RUNNING" } },
    { flow_id: two, name: "run_d", tags: ["z"], state: { type: "PENDING", name: "Submitting" } },
    { flow_id: two, name: "RUN E", tags: ["y", "z"], state: { type: "PENDING" } },
  ];
  const ids: string[] = [];
  for (const body of bodies) ids.push((await api.post("/flow_runs/", body)).id);
  await propose(api, `/flow_runs/${ids[4]}`, [{ type: "RUNNING" }, { type: "FAILED", name: "TimedOut" }]);
  return ids;
}

export const flowRunQueries = scriptFile(import.meta.url, "flow-run-queries", [
  script("sorts, limits and pages", async (api) => {
    await fiveRuns(api);
    for (const sort of SORTS) {
      const few = sort.startsWith("NEXT") || sort.startsWith("END");
      // Of equal rows: no run has ended, and the reference's ids of flow runs are random.
      const isByChance = sort === "ID_DESC" || sort === "END_TIME_DESC";
      const flow_runs = few ? { next_scheduled_start_time: { after_: "2001-01-01T00:00:00Z" } } : {};
      await api.post("/flow_runs/filter", { sort, flow_runs }, isByChance ? { unordered: ["body"] } : {});
    }
    await api.post("/flow_runs/filter", { sort: "NOPE" });
    await api.post("/flow_runs/filter", { sort: "NAME_ASC", limit: 2, offset: 1 });
    await api.post("/flow_runs/filter", { limit: 0 });
    await api.post("/flow_runs/filter", { limit: 201 });
    await api.post("/flow_runs/filter", { limit: -1 });
    await api.post("/flow_runs/filter", { offset: -1 });
    await api.post("/flow_runs/paginate", { sort: "NAME_ASC", limit: 2, page: 2 });
    await api.post("/flow_runs/paginate", { sort: "NAME_ASC", limit: 2, page: 9 });
    await api.post("/flow_runs/paginate", { page: 0 });
    await api.post("/flow_runs/paginate", { limit: 0 });
    await api.post("/flow_runs/paginate", undefined, { unordered: ["body.results"] });
  }),

  script("every field of the filter", async (api) => {
    const ids = await fiveRuns(api);
    const filters: readonly unknown[] = [
      { id: { any_: [ids[0], UNKNOWN_ID] } },
      { id: { any_: [] } },
      { id: { not_any_: [ids[0]] } },
      { id: { not_any_: [] } },
      { id: null },
      { name: { any_: ["run a", "RUN E"] } },
      { name: { like_: "RUN" } },
      { name: { like_: "run_d" } },
      { name: { like_: "r%b" } },
      { tags: { all_: ["x"] } },
      { tags: { all_: [] } },
      { tags: { any_: ["x", "z"] } },
      { tags: { any_: [] } },
      { tags: { is_null_: true } },
      { tags: { operator: "or_", all_: ["x", "y"], is_null_: true } },
      { deployment_id: { is_null_: true } },
      { deployment_id: { any_: [UNKNOWN_ID] } },
      { work_queue_name: { is_null_: true } },
      { work_queue_name: { any_: ["q"] } },
      { state: { type: { any_: ["SCHEDULED", "FAILED"] } } },
      { state: { type: { not_any_: ["SCHEDULED"] } } },
      { state: { type: { any_: ["PENDING", "RUNNING"], not_any_: ["RUNNING"] } } },
      { state: { name: { any_: ["Submitting", "TimedOut"] } } },
      { state: { name: { not_any_: ["Submitting"] } } },
      { state: { operator: "or_", type: { any_: ["RUNNING"] }, name: { any_: ["TimedOut"] } } },
      { flow_version: { any_: ["1"] } },
      { start_time: { is_null_: true } },
      { start_time: { is_null_: false } },
      { start_time: { before_: inSeconds(60) } },
      { start_time: { after_: inSeconds(60) } },
      { end_time: { is_null_: false } },
      { end_time: { before_: inSeconds(60) } },
      { expected_start_time: { before_: inSeconds(-60) } },
      { expected_start_time: { after_: inSeconds(-60), before_: inSeconds(60) } },
      { next_scheduled_start_time: { before_: inSeconds(0) } },
      { parent_flow_run_id: { any_: [ids[0]] } },
      { parent_task_run_id: { is_null_: true } },
      { created_by: { is_null_: true } },
      { created_by: { type_: ["SCHEDULE"] } },
      { operator: "or_", name: { any_: ["run a"] }, state: { type: { any_: ["RUNNING"] } } },
      { operator: "not_" },
      { unknown: {} },
      { name: { unknown_: 1 } },
      { id: { any_: ["nope"] } },
      { state: { type: { any_: ["NOPE"] } } },
    ];
    for (const flow_runs of filters) await api.post("/flow_runs/filter", { flow_runs, sort: "NAME_ASC", limit: 3 });
    for (const flow_runs of filters) await api.post("/flow_runs/count", { flow_runs });
  }),

  script("filter through other entities", async (api) => {
    const ids = await fiveRuns(api);
    await api.post("/task_runs/", {
      flow_run_id: ids[2],
      task_key: "t",
      dynamic_key: "0",
      name: "a task",
      tags: ["tt"],
    });
    for (const body of [
      { flows: { name: { any_: ["flow-two"] } } },
      { flows: { name: { any_: ["unknown"] } } },
      { task_runs: { name: { any_: ["a task"] } } },
      { task_runs: { tags: { all_: ["tt"] } }, flows: { name: { like_: "one" } } },
      { deployments: { name: { any_: ["x"] } } },
      { work_pools: { name: { any_: ["x"] } } },
      { work_pool_queues: { name: { any_: ["x"] } } },
      { unknown_part: { a: 1 } },
      { flows: { unknown: 1 } },
      { flows: null, flow_runs: null },
    ]) {
      await api.post("/flow_runs/count", body);
      await api.post("/flow_runs/filter", { ...body, sort: "NAME_ASC" });
    }
  }),

  script("lateness", async (api) => {
    await api.post("/flow_runs/lateness");
    await fiveRuns(api);
    const scheduled = { state: { type: { any_: ["SCHEDULED"] } } };
    await api.post("/flow_runs/lateness", { flow_runs: scheduled }, { seconds: true });
    await api.post("/flow_runs/lateness", { flow_runs: { id: { any_: [] } } });
  }),

  script("history", async (api) => {
    await fiveRuns(api);
    // A minute short of five hours: the two ends are read from the clock one after the other.
    const range = {
      history_start: inSeconds(-3 * 3600 - 1800),
      history_end: inSeconds(2 * 3600 - 1860),
      history_interval_seconds: 3600,
    };
    // The reference counts whole seconds on SQLite.
    const buckets = { ...BUCKETS, ignore: ["sum_estimated_run_time", "sum_estimated_lateness"] };
    await api.post("/flow_runs/history", range, buckets);
    await api.post("/flow_runs/history", { ...range, flow_runs: { tags: { all_: ["x"] } } }, buckets);
    await api.post("/flow_runs/history", { ...range, history_interval_seconds: 0.5 });
    await api.post("/flow_runs/history", { ...range, history_interval_seconds: 10 });
    await api.post("/flow_runs/history", { ...range, history_end: inSeconds(-4 * 3600) });
    await api.post("/flow_runs/history", {});
    const fixed = {
      history_start: "2024-01-01T00:00:00Z",
      history_end: "2024-01-02T12:00:00Z",
      history_interval_seconds: 43_200,
    };
    await api.post("/flow_runs/history", fixed);
    await api.post("/task_runs/history", fixed);
  }),

  script("graph of task dependencies", async (api) => {
    const flow_id = await createFlow(api);
    const run = await api.post("/flow_runs/", { flow_id, state: { type: "RUNNING" }, name: "graph-run-one" });
    const task = async (name: string, task_inputs: unknown, state = "RUNNING") => {
      const created = await api.post("/task_runs/", {
        flow_run_id: run.id,
        task_key: name,
        dynamic_key: "0",
        name,
        task_inputs,
        state: { type: "PENDING" },
      });
      await propose(api, `/task_runs/${created.id}`, [
        { type: "RUNNING" },
        ...(state === "RUNNING" ? [] : [{ type: state }]),
      ]);
      return { input_type: "task_run", id: created.id };
    };
    const first = await task("first", {}, "COMPLETED");
    const second = await task("second", { x: [first] }, "COMPLETED");
    await task("third", { a: [first, second], p: [{ input_type: "parameter", name: "n" }] }, "FAILED");
    await task("inside", { __parents__: [second] });
    await task("constant", { c: [{ input_type: "constant", type: "int" }] });
    await api.post("/artifacts/", { key: "report", type: "markdown", data: "# hi", flow_run_id: run.id });
    await api.post("/artifacts/", { type: "progress", data: 30, flow_run_id: run.id, task_run_id: first.id });
    await api.get(`/flow_runs/${run.id}/graph-v2`);
    await api.get(`/flow_runs/${run.id}/graph-v2?since=${encodeURIComponent(inSeconds(3600))}`);
    await api.get(`/flow_runs/${run.id}/graph-v2?since=nonsense`, { ignore: ["type", "msg", "ctx"] });
    await api.get(`/flow_runs/${UNKNOWN_ID}/graph-v2`);
    await api.get(`/flow_runs/${UNKNOWN_ID}/graph`);
  }),

  script("graph of a subflow and of one input used twice", async (api) => {
    const flow_id = await createFlow(api);
    const run = await api.post("/flow_runs/", { flow_id, state: { type: "RUNNING" }, name: "graph-run-two" });
    const task = async (name: string, task_inputs: unknown) =>
      (await api.post("/task_runs/", { flow_run_id: run.id, task_key: name, dynamic_key: "0", name, task_inputs })).id;
    const source = await task("source", {});
    const input = { input_type: "task_run", id: source };
    await task("user", { x: [input], y: [input] });
    await task("stateless", { __parents__: [input] });
    const parent_task_run_id = await task("sub", { x: [input] });
    await api.post("/flow_runs/", {
      flow_id,
      parent_task_run_id,
      name: "child-run-one",
      state: { type: "RUNNING" },
    });
    await api.get(`/flow_runs/${run.id}/graph`, { unordered: ["body"], ignore: ["start_time"] });
    // The reference names a run once for each pair of its inputs and the other's.
    await api.get(`/flow_runs/${run.id}/graph-v2`, { ignore: ["parents", "children"] });
    await api.get(`/flow_runs/${run.id}/graph-v2?since=2020-01-01T00:00:00Z`, { ignore: ["parents", "children"] });
  }),
]);
