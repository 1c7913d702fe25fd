import type { Dialect } from "../../../src/db/dialects/dialect.ts";
import type { Condition } from "../../../src/db/dialects/expressions.ts";
import {
  matchingArtifactCollections,
  matchingArtifacts,
  matchingBlockDocuments,
  matchingDeployments,
  matchingFlowRuns,
  matchingFlows,
  matchingTaskRuns,
} from "../../../src/db/filters/related.ts";
import type { TableName } from "../../../src/db/tables.ts";
import { DEPLOYMENTS, FLOWS, GONE, RUNS, WEIRD_NAME } from "./seed.ts";

/** Whole bodies of filter requests with what they must find. */
export interface RelatedSubject {
  readonly table: TableName;
  readonly endpoint: string;
  readonly column: string;
  readonly cases: readonly {
    readonly title: string;
    readonly body: unknown;
    readonly match: (dialect: Dialect) => Condition;
    readonly found: readonly unknown[];
  }[];
}

interface Description<Filters> {
  readonly table: TableName;
  readonly endpoint: string;
  readonly matching: (dialect: Dialect, filters: Filters) => Condition;
}

function related<Filters>(
  { table, endpoint, matching }: Description<Filters>,
  cases: readonly (readonly [title: string, body: Filters, found: readonly unknown[]])[],
): RelatedSubject {
  const bound = cases.map(([title, body, found]) => {
    return { title, body, found, match: (dialect: Dialect) => matching(dialect, body) };
  });
  return { table, endpoint, column: table.startsWith("artifact") ? "key" : "name", cases: bound };
}

export const relatedSubjects: readonly RelatedSubject[] = [
  related({ table: "flow_run", endpoint: "flow_runs", matching: matchingFlowRuns }, [
    ["nothing given: all", {}, ["done", "busy", "late", WEIRD_NAME]],
    ["null parts: all", { flows: null, deployments: null }, ["done", "busy", "late", WEIRD_NAME]],
    ["by flow", { flows: { name: { any_: ["alpha"] } } }, ["done", "busy"]],
    ["by flow id", { flows: { id: { any_: [FLOWS.Beta] } } }, ["late"]],
    [
      "by flow id or name",
      { flows: { operator: "or_", id: { any_: [FLOWS.Beta] }, name: { any_: ["gamma"] } } },
      ["late", WEIRD_NAME],
    ],
    ["an empty deployment filter: runs whose deployment exists", { deployments: {} }, ["done", "late"]],
    ["by the id of a deployment that is gone: none", { deployments: { id: { any_: [GONE] } } }, []],
    ["by deployment id", { deployments: { id: { any_: [DEPLOYMENTS.daily, GONE] } } }, ["done"]],
    ["by work pool", { work_pools: { type: { any_: ["docker"] } } }, ["late"]],
    [
      "by queue and pool",
      { work_pool_queues: { name: { any_: ["Fast"] } }, work_pools: { name: { any_: ["local"] } } },
      [],
    ],
    ["by task run", { task_runs: { state: { type: { any_: ["FAILED"] } } } }, ["done"]],
    ["by flow and task run", { flows: { name: { any_: ["alpha"] } }, task_runs: {} }, ["done", "busy"]],
    [
      "by all",
      { flow_runs: { name: { any_: ["busy"] } }, flows: {}, task_runs: { name: { like_: "pend" } } },
      ["busy"],
    ],
  ]),
  related({ table: "task_run", endpoint: "task_runs", matching: matchingTaskRuns }, [
    ["nothing given: all, background tasks too", {}, ["parent", "Failed one", "background", "pending"]],
    ["by flow run id", { flow_runs: { id: { any_: [RUNS.busy] } } }, ["pending"]],
    ["by flow run", { flow_runs: { state: { type: { any_: ["COMPLETED"] } } } }, ["parent", "Failed one"]],
    ["an empty flow run filter: tasks of flow runs", { flow_runs: {} }, ["parent", "Failed one", "pending"]],
    ["by flow", { flows: { name: { any_: ["Beta"] } } }, []],
    ["by pool", { work_pools: { name: { any_: ["local"] } }, task_runs: { tags: { all_: ["x"] } } }, ["parent"]],
    [
      "by queue and deployment",
      { work_pool_queues: {}, deployments: { paused: { eq_: true } } },
      ["parent", "Failed one"],
    ],
  ]),
  related({ table: "flow", endpoint: "flows", matching: matchingFlows }, [
    ["by flow run", { flow_runs: { state: { type: { any_: ["SCHEDULED"] } } } }, ["Beta"]],
    ["by task run", { task_runs: { name: { any_: ["pending"] } } }, ["alpha"]],
    [
      "by flow run and its task run",
      { flow_runs: { name: { any_: ["done"] } }, task_runs: { name: { any_: ["pending"] } } },
      [],
    ],
    ["by deployment", { deployments: { tags: { all_: ["x"] } } }, ["alpha"]],
    ["by work pool", { work_pools: {}, flows: {} }, ["alpha"]],
    ["by the task run's subflow", { task_runs: { subflow_runs: { exists_: true } } }, ["alpha"]],
  ]),
  related({ table: "deployment", endpoint: "deployments", matching: matchingDeployments }, [
    ["by flow", { flows: { name: { like_: "bet" } } }, ["nightly_50%"]],
    ["by flow run", { flow_runs: { state: { name: { any_: ["Completed"] } } } }, ["daily"]],
    ["by task run", { task_runs: {} }, ["daily"]],
    ["by pool", { work_pools: { name: { any_: ["local"] } } }, ["daily"]],
    ["by queue", { work_pool_queues: { name: { any_: ["Fast"] } } }, []],
  ]),
  related({ table: "artifact", endpoint: "artifacts", matching: matchingArtifacts }, [
    ["by flow run", { flow_runs: { name: { any_: ["busy"] } } }, ["Table_1"]],
    ["by task run", { task_runs: { name: { any_: ["parent"] } } }, [null]],
    ["by flow and deployment", { flows: { name: { any_: ["alpha"] } }, deployments: {} }, ["report", null]],
    [
      "by key and flow",
      { artifacts: { key: { like_: "t" } }, flows: { name: { any_: ["alpha"] } } },
      ["report", "Table_1"],
    ],
  ]),
  related({ table: "artifact_collection", endpoint: "artifacts/latest", matching: matchingArtifactCollections }, [
    ["by flow run", { flow_runs: { name: { any_: ["busy"] } } }, ["Table_1"]],
    ["by key", { artifacts: { key: { any_: ["report"] } } }, ["report"]],
  ]),
  related({ table: "block_document", endpoint: "block_documents", matching: matchingBlockDocuments }, [
    ["nothing given: no anonymous ones", {}, ["team"]],
    ["anonymous ones too", { block_documents: { is_anonymous: null } }, ["team", "anonymous-1"]],
    ["only anonymous ones", { block_documents: { is_anonymous: { eq_: true } } }, ["anonymous-1"]],
    [
      "by block type",
      { block_types: { slug: { any_: ["s3"] } }, block_documents: { is_anonymous: null } },
      ["anonymous-1"],
    ],
    ["by schema", { block_schemas: { block_capabilities: { all_: ["notify"] } } }, ["team"]],
  ]),
];
