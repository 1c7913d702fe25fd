/** Things of the database that the calls below ask about. */
export interface UiSubjects {
  readonly nowMs: number;
  readonly flowRunId: string;
  /** A page of flow runs, and of task runs' flow runs. */
  readonly flowRunIds: readonly string[];
  readonly taskRunId: string;
  readonly flowIds: readonly string[];
  readonly deploymentIds: readonly string[];
  readonly poolId: string;
  readonly poolName: string;
  readonly queueName: string;
  readonly artifactKey: string;
}

/** One request of a page of the reference's web UI; a GET where there is no body. */
export interface UiCall {
  readonly page: string;
  readonly path: string;
  readonly body?: object;
}

const DAY_MS = 86_400_000;
const ENDED = ["COMPLETED", "FAILED", "CRASHED"];

/**
 * Every list, filter, count, history and lateness that both of the reference's UIs (3.9.1) send when their pages are
 * opened, recorded with a browser. Calls that differ only in an id, or in what does not matter to the database, are here once.
 */
export function uiCalls(on: UiSubjects): readonly UiCall[] {
  const pages = { ...dashboard(on), ...runs(on), ...runPages(on), ...catalog(on), ...eventPages(on) };
  return Object.entries(pages).flatMap(([page, calls]) =>
    calls.map(([path, body]) => ({ page, path, ...(body && { body }) })),
  );
}

type Calls = readonly (readonly [path: string, body?: object])[];
type Pages = Readonly<Record<string, Calls>>;

const iso = (ms: number) => new Date(ms).toISOString();
const range = ({ nowMs }: UiSubjects, days: number) => ({ after_: iso(nowMs - days * DAY_MS), before_: iso(nowMs) });
const types = (...any_: string[]) => ({ type: { any_ } });
const named = (any_: string) => ({ name: { any_: [any_] } });
const ids = (...any_: string[]) => ({ id: { any_ } });

function dashboard(on: UiSubjects): Pages {
  const expected_start_time = range(on, 1);
  const [sort, flow_runs] = ["EXPECTED_START_TIME_DESC", { expected_start_time }];
  const inState = (...any_: string[]) => ({ flow_runs: { state: types(...any_), expected_start_time } });
  const flows = ids(on.flowIds[0] ?? "");
  const pool = { work_pools: ids(on.poolId) };
  const tasks = (...any_: string[]) => ({
    task_runs: { subflow_runs: { exists_: false }, start_time: range(on, 1), state: types(...any_) },
  });
  return {
    dashboard: [
      ["/flow_runs/filter", { sort: "ID_DESC", offset: 0, limit: 1 }],
      ["/flow_runs/filter", {}],
      ["/flow_runs/filter", { sort, offset: 0, flow_runs }],
      ["/flow_runs/filter", { sort: "START_TIME_DESC", limit: 58, flow_runs }],
      ["/flow_runs/filter", { sort, offset: 0, ...inState("FAILED", "CRASHED") }],
      ["/flow_runs/filter", { sort, limit: 1, flows, ...inState("FAILED", "CRASHED") }],
      ["/flow_runs/count", {}],
      ["/flow_runs/count", { flow_runs }],
      ["/flow_runs/count", { flow_runs: { state: types(...ENDED) } }],
      ["/flow_runs/count", { flow_runs: { state: types("COMPLETED") } }],
      ["/flow_runs/count", { sort, ...inState("FAILED", "CRASHED") }],
      ["/flow_runs/count", { sort, ...inState("RUNNING", "PENDING", "CANCELLING") }],
      ["/flow_runs/count", { sort, ...inState("COMPLETED") }],
      ["/flow_runs/count", { sort, ...inState("SCHEDULED", "PAUSED") }],
      ["/flow_runs/count", { sort, ...inState("CANCELLED") }],
      ["/flow_runs/count", { sort, flows, ...inState("FAILED", "CRASHED") }],
      ["/flows/filter", { flows: ids(...on.flowIds), offset: 0, sort: "CREATED_DESC" }],
      ["/flows/paginate", { sort: "UPDATED_DESC", ...inState("FAILED", "CRASHED") }],
      ["/deployments/filter", { deployments: ids(...on.deploymentIds), offset: 0, sort: "CREATED_DESC" }],
      ["/task_runs/count", tasks(...ENDED, "RUNNING")],
      ["/task_runs/count", tasks("COMPLETED")],
      ["/task_runs/count", tasks("FAILED", "CRASHED")],
      ["/task_runs/count", tasks("RUNNING")],
      ["/task_runs/history", { ...history(on, 1, 4320), flow_runs: {} }],
    ],
    "dashboard, work pool": [
      ["/work_pools/filter", {}],
      [`/work_pools/${on.poolName}/workers/filter`, {}],
      [`/work_pools/${on.poolName}/queues/filter`, { limit: 51 }],
      ["/flow_runs/filter", { limit: 24, sort, ...pool, flow_runs }],
      ["/flow_runs/filter", { limit: 22, sort: "START_TIME_DESC", ...pool, flow_runs }],
      ["/flow_runs/count", { ...pool, ...inState(...ENDED) }],
      ["/flow_runs/count", { ...pool, ...inState("COMPLETED") }],
      ["/flow_runs/count", { work_pools: named(on.poolName), ...inState(...ENDED) }],
      [
        "/flow_runs/count",
        { work_pools: named(on.poolName), flow_runs: { state: named("Late"), expected_start_time } },
      ],
      ["/flow_runs/lateness", { ...pool, flow_runs }],
    ],
  };
}

function history(on: UiSubjects, days: number, history_interval_seconds: number) {
  const { after_: history_start, before_: history_end } = range(on, days);
  return { history_start, history_end, history_interval_seconds, task_runs: { start_time: range(on, days) } };
}

function runs(on: UiSubjects): Pages {
  const week = range(on, 7);
  const [sort, byExpected] = ["START_TIME_DESC", "EXPECTED_START_TIME_DESC"];
  const page = { page: 1, limit: 100 };
  return {
    runs: [
      ["/flow_runs/paginate", { ...page, sort }],
      ["/flow_runs/paginate", { ...page, sort, flow_runs: { expected_start_time: week } }],
      ["/flow_runs/paginate", { ...page, sort, flow_runs: { start_time: week } }],
      ["/ui/flow_runs/history", { sort: byExpected, limit: 1000, offset: 0 }],
      ["/ui/flow_runs/history", { sort: byExpected, limit: 1000, offset: 0, flow_runs: { expected_start_time: week } }],
      ["/ui/flow_runs/history", { sort, limit: 100, offset: 0, flow_runs: { start_time: week } }],
      ["/ui/flow_runs/count-task-runs", { flow_run_ids: on.flowRunIds }],
      ["/task_runs/count", {}],
      ["/task_runs/paginate", { ...page, sort: byExpected }],
      ["/task_runs/paginate", { ...page, sort: byExpected, flow_runs: { expected_start_time: week } }],
      ["/task_runs/paginate", { ...page, sort: byExpected, task_runs: { expected_start_time: week } }],
      ["/flows/filter", { limit: 100, offset: 0, sort: "NAME_ASC" }],
      ["/deployments/filter", { limit: 100, offset: 0, sort: "NAME_ASC" }],
    ],
  };
}

function runPages(on: UiSubjects): Pages {
  const [flow_runs, ofRun] = [ids(on.flowRunId), { operator: "and_", any_: [on.flowRunId], is_null_: false }];
  const children = { parent_flow_run_id: { any_: [on.flowRunId] } };
  const byExpected = "EXPECTED_START_TIME_DESC";
  const logs = (filter: object) => ({ logs: { level: { ge_: 0 }, ...filter }, sort: "TIMESTAMP_ASC", limit: 200 });
  const [result, ofTask] = [["result"], { task_run_id: { any_: [on.taskRunId] } }];
  return {
    "flow run": [
      [`/flow_runs/${on.flowRunId}`],
      [`/flow_runs/${on.flowRunId}/graph-v2`],
      ["/logs/filter", logs({ flow_run_id: { any_: [on.flowRunId] } })],
      ["/artifacts/filter", { artifacts: { flow_run_id: { any_: [on.flowRunId] }, type: { not_any_: result } } }],
      ["/task_runs/paginate", { page: 1, sort: byExpected, flow_runs }],
      [
        "/task_runs/paginate",
        { page: 1, limit: 20, sort: byExpected, task_runs: { flow_run_id: ofRun, subflow_runs: { exists_: false } } },
      ],
      ["/task_runs/count", { flow_runs }],
      ["/task_runs/count", { flow_runs, task_runs: { subflow_runs: { exists_: false } } }],
      ["/task_runs/count", { task_runs: { flow_run_id: ofRun, subflow_runs: { exists_: false } } }],
      ["/flow_runs/count", { flow_runs: children }],
      ["/flow_runs/paginate", { page: 1, limit: 10, sort: "START_TIME_DESC", flow_runs: children }],
      ["/flow_runs/filter", { flow_runs: { ...children, state: types("RUNNING", "SCHEDULED", "PENDING", "PAUSED") } }],
    ],
    "task run": [
      [`/ui/task_runs/${on.taskRunId}`],
      ["/logs/filter", logs(ofTask)],
      ["/artifacts/filter", { artifacts: { ...ofTask, type: { any_: result } }, sort: "CREATED_DESC", limit: 1 }],
    ],
  };
}

function catalog(on: UiSubjects): Pages {
  const [flow, deployment] = [on.flowIds[0] ?? "", on.deploymentIds[0] ?? ""];
  const [flows, deployments, started] = [ids(flow), ids(deployment), { start_time: { is_null_: false } }];
  const sort = "START_TIME_DESC";
  const tasks = (...any_: string[]) => ({ subflow_runs: { exists_: false }, state: types(...any_) });
  const week = range(on, 7);
  const late = { state: named("Late") };
  const work_pools = named(on.poolName);
  const nameLike = { flow_or_deployment_name: { like_: "" }, tags: { all_: [] } };
  return {
    flows: [
      ["/flows/paginate", { page: 1, limit: 10, sort: "NAME_ASC" }],
      ["/flows/count", {}],
      ["/flow_runs/filter", { flows, flow_runs: started, limit: 16, sort }],
      ["/flow_runs/filter", { flows, flow_runs: { start_time: week }, limit: 8, sort }],
      [
        "/flow_runs/filter",
        {
          flows,
          flow_runs: { expected_start_time: { before_: week.before_ } },
          limit: 1,
          sort: "EXPECTED_START_TIME_DESC",
        },
      ],
      ["/ui/flows/next-runs", { flow_ids: on.flowIds }],
      ["/ui/flows/count-deployments", { flow_ids: on.flowIds }],
    ],
    flow: [
      ["/flow_runs/paginate", { page: 1, limit: 10, sort, flows }],
      ["/deployments/paginate", { page: 1, limit: 10, sort: "NAME_ASC", flows, deployments: { tags: { all_: [] } } }],
      ["/flow_runs/filter", { flows, flow_runs: started, limit: 60, sort }],
      ["/flow_runs/count", { flows, flow_runs: started }],
      ["/flow_runs/count", { flows, flow_runs: { start_time: week } }],
      ["/task_runs/count", { flows, task_runs: tasks(...ENDED, "RUNNING") }],
      ["/task_runs/count", { flows, task_runs: tasks("COMPLETED") }],
      ["/task_runs/count", { flows, task_runs: tasks("FAILED", "CRASHED") }],
      ["/task_runs/count", { flows, task_runs: tasks("RUNNING") }],
      ["/task_runs/count", { flows, task_runs: { ...tasks(...ENDED, "RUNNING"), start_time: week } }],
      ["/task_runs/count", { flows, task_runs: { ...tasks("COMPLETED"), start_time: week } }],
      ["/task_runs/history", { ...history(on, 7, 30_240), flows }],
    ],
    deployments: [
      ["/deployments/count", {}],
      ["/deployments/filter", { sort: "NAME_ASC" }],
      ["/deployments/filter", { sort: "NAME_ASC", limit: 10, deployments: nameLike }],
      ["/deployments/count", { deployments: nameLike }],
      ["/flow_runs/filter", { deployments, limit: 60, sort }],
      ["/flow_runs/filter", { deployments, limit: 0, sort }],
      [
        "/flow_runs/filter",
        { deployments, flow_runs: { state: named("Scheduled") }, limit: 1, sort: "EXPECTED_START_TIME_ASC" },
      ],
      ["/flow_runs/paginate", { deployments, page: 1, limit: 10, sort }],
      [
        "/flow_runs/paginate",
        { deployments, flow_runs: { state: types("SCHEDULED") }, page: 1, limit: 5, sort: "START_TIME_ASC" },
      ],
    ],
    "work pool": [
      ["/flow_runs/paginate", { page: 1, limit: 10, sort, work_pools }],
      ["/flow_runs/count", { work_pools }],
      ["/flow_runs/count", { work_pools, flow_runs: late }],
      ["/flow_runs/count", { work_pools, work_pool_queues: named(on.queueName), flow_runs: late }],
      ["/flow_runs/paginate", { page: 1, limit: 10, sort, work_pools, work_pool_queues: named(on.queueName) }],
      ["/deployments/paginate", { page: 1, limit: 50, sort: "CREATED_DESC", work_pools, deployments: nameLike }],
      ["/deployments/count", { sort: "CREATED_DESC", work_pools }],
    ],
    artifacts: [
      ["/artifacts/latest/filter", { artifacts: { type: {}, key: { exists_: true, like_: "" } }, sort: "ID_DESC" }],
      ["/artifacts/latest/count", { artifacts: { type: {}, key: { exists_: true, like_: "" } } }],
      ["/artifacts/filter", { artifacts: { key: { any_: [on.artifactKey] } }, sort: "CREATED_DESC", limit: 10 }],
      ["/artifacts/count", { artifacts: { key: { any_: [on.artifactKey] } } }],
      ["/flow_runs/filter", { flow_runs: ids(...on.flowRunIds), sort: "ID_DESC" }],
      ["/task_runs/filter", { task_runs: ids(on.taskRunId), sort: "ID_DESC" }],
    ],
  };
}

function eventPages(on: UiSubjects): Pages {
  const lasting = (days: number) => {
    const { after_: since, before_: until } = range(on, days);
    return { occurred: { since, until } };
  };
  const event = { exclude_name: ["prefect.log.write"] };
  const feed = { ...lasting(1), order: "DESC", event };
  const run = `prefect.flow-run.${on.flowRunId}`;
  const actions = ["prefect-cloud.automation.action.executed", "prefect.automation.action.executed"];
  const ofRun = { any_resource: { id: [run] }, event: { exclude_prefix: ["prefect.log.write", "prefect.task-run."] } };
  return {
    events: [
      ["/events/filter", { filter: feed, limit: 50 }],
      [
        "/events/filter",
        { filter: { ...lasting(1), any_resource: { id_prefix: [] }, event: { prefix: [], name: [], ...event } } },
      ],
      [
        "/events/filter",
        { filter: { ...feed, any_resource: { id: [`prefect.deployment.${on.deploymentIds[0]}`] } }, limit: 50 },
      ],
      ["/events/filter", { filter: { ...feed, event: { prefix: ["prefect.flow-run."], ...event } }, limit: 50 }],
      ["/events/count-by/time", { filter: feed, time_unit: "hour", time_interval: 1 }],
      ["/events/count-by/time", { filter: feed, time_unit: "second", time_interval: 2500 }],
      ["/events/count-by/event", { filter: feed, time_unit: "hour", time_interval: 1 }],
      ["/events/count-by/event", { filter: lasting(7) }],
    ],
    "flow run, events": [
      ["/events/filter", { filter: { ...lasting(180), ...ofRun, order: "ASC" }, limit: 50 }],
      [
        "/events/filter",
        {
          limit: 1,
          filter: {
            ...lasting(1),
            ...{ resource: { id_prefix: ["prefect-cloud.automation", "prefect.automation"] }, related: { id: [run] } },
            event: { name: actions },
          },
        },
      ],
    ],
  };
}
