import type { Dialect } from "../../../src/db/dialects/dialect.ts";
import type { Condition } from "../../../src/db/dialects/expressions.ts";
import { matchArtifact, matchArtifactCollection } from "../../../src/db/filters/artifact.ts";
import { matchAutomation } from "../../../src/db/filters/automation.ts";
import { matchBlockSchema, matchBlockType } from "../../../src/db/filters/block.ts";
import { matchDeployment } from "../../../src/db/filters/deployment.ts";
import { matchEvent } from "../../../src/db/filters/event.ts";
import { matchFlow } from "../../../src/db/filters/flow.ts";
import { matchFlowRun } from "../../../src/db/filters/flow-run.ts";
import { matchLog } from "../../../src/db/filters/log.ts";
import { matchTaskRun } from "../../../src/db/filters/task-run.ts";
import { matchVariable } from "../../../src/db/filters/variable.ts";
import { matchWorker, matchWorkPool, matchWorkQueue } from "../../../src/db/filters/work-pool.ts";
import type { TableName } from "../../../src/db/tables.ts";
import { eventCases } from "./event-cases.ts";
import { flowRunCases } from "./flow-run-cases.ts";
import { at, DEPLOYMENTS, FLOWS, POOLS, QUEUES, RUNS, TASKS, uuid } from "./seed.ts";

/** A filter of the wire with what it must find; `endpoint` is where the reference takes it, as `part` of the body. */
export interface Subject {
  readonly name: string;
  readonly endpoint: string;
  readonly part: string;
  readonly table: TableName;
  /** The column that tells rows apart. */
  readonly column: string;
  readonly cases: readonly SubjectCase[];
}

export interface SubjectCase {
  readonly title: string;
  readonly filter: unknown;
  readonly match: (dialect: Dialect) => Condition;
  readonly found: readonly unknown[];
}

interface Description<Filter> extends Omit<Subject, "name" | "cases"> {
  readonly match: (dialect: Dialect, filter: Filter) => Condition;
  readonly cases: readonly (readonly [title: string, filter: Filter, found: readonly unknown[]])[];
}

function subject<Filter>(name: string, { match, cases, ...rest }: Description<Filter>): Subject {
  const bound = cases.map(([title, filter, found]) => {
    return { title, filter, found, match: (dialect: Dialect) => match(dialect, filter) };
  });
  return { ...rest, name, cases: bound };
}

const tasks = ["parent", "Failed one", "background", "pending"];
const [starting, timeout, hi] = ["Starting 100% up", "Connection TIMEOUT here", 'say "hi" c:\\temp'];

export const subjects: readonly Subject[] = [
  subject("FlowRunFilter", {
    endpoint: "flow_runs",
    part: "flow_runs",
    table: "flow_run",
    column: "name",
    match: matchFlowRun,
    cases: flowRunCases,
  }),
  subject("EventFilter", {
    endpoint: "events",
    part: "filter",
    table: "events",
    column: "event",
    match: matchEvent,
    cases: eventCases,
  }),
  subject("TaskRunFilter", {
    endpoint: "task_runs",
    part: "task_runs",
    table: "task_run",
    column: "name",
    match: matchTaskRun,
    cases: [
      ["an empty filter: all", {}, tasks],
      ["ids", { id: { any_: [TASKS.parent, TASKS.pending] } }, ["parent", "pending"]],
      ["part of a name", { name: { like_: "failed" } }, ["Failed one"]],
      ["all of the tags", { tags: { all_: ["x"] } }, ["parent"]],
      ["no tags", { tags: { is_null_: true } }, ["Failed one", "background", "pending"]],
      ["state", { state: { type: { any_: ["FAILED"] }, name: { any_: ["TimedOut"] } } }, ["Failed one"]],
      ["start time", { start_time: { after_: at("10:00:03"), before_: at("11:00:00") } }, ["Failed one"]],
      ["not started", { start_time: { is_null_: true } }, ["pending"]],
      ["end time", { end_time: { before_: at("10:00:10") } }, ["parent"]],
      ["expected start time", { expected_start_time: { before_: at("10:00:01") } }, ["parent"]],
      ["tasks that stand for a subflow", { subflow_runs: { exists_: true } }, ["parent"]],
      ["tasks that do not", { subflow_runs: { exists_: false } }, ["Failed one", "background", "pending"]],
      ["either", { subflow_runs: {} }, tasks],
      ["tasks of flow runs", { flow_run_id: { any_: [RUNS.done] } }, ["parent", "Failed one"]],
      ["an empty flow run filter: tasks of any flow run", { flow_run_id: {} }, ["parent", "Failed one", "pending"]],
      [
        "tasks of no flow run, whatever the ids",
        { flow_run_id: { is_null_: true, any_: [RUNS.done] } },
        ["background"],
      ],
      ["null: any task", { flow_run_id: { is_null_: null } }, tasks],
      ["null, and ids", { flow_run_id: { is_null_: null, any_: [RUNS.busy] } }, ["pending"]],
    ],
  }),
  subject("FlowFilter", {
    endpoint: "flows",
    part: "flows",
    table: "flow",
    column: "name",
    match: matchFlow,
    cases: [
      ["ids", { id: { any_: [FLOWS.alpha], not_any_: [FLOWS.Beta] } }, ["alpha"]],
      ["names", { name: { any_: ["Beta", "beta"] } }, ["Beta"]],
      ["part of a name", { name: { like_: "BET" } }, ["Beta"]],
      ["tags", { tags: { all_: ["y"] } }, ["alpha", "gamma"]],
      ["a tag stored with an escape", { tags: { all_: ["é"] } }, ["gamma"]],
      ["flows without deployments", { deployment: { is_null_: true } }, ["gamma"]],
      ["flows with deployments", { deployment: { is_null_: false } }, ["alpha", "Beta"]],
      ["either", { operator: "or_", deployment: { is_null_: true }, name: { any_: ["Beta"] } }, ["Beta", "gamma"]],
    ],
  }),
  subject("DeploymentFilter", {
    endpoint: "deployments",
    part: "deployments",
    table: "deployment",
    column: "name",
    match: matchDeployment,
    cases: [
      ["ids", { id: { not_any_: [DEPLOYMENTS.daily] } }, ["nightly_50%"]],
      ["part of a name", { name: { like_: "GHTLY" } }, ["nightly_50%"]],
      ["part of the flow's name", { flow_or_deployment_name: { like_: "alp" } }, ["daily"]],
      ["part of either name", { flow_or_deployment_name: { like_: "i" } }, ["daily", "nightly_50%"]],
      ["paused", { paused: { eq_: true } }, ["daily"]],
      ["not paused", { paused: { eq_: false } }, ["nightly_50%"]],
      ["any tag", { tags: { any_: ["x"] } }, ["daily"]],
      ["work queues", { work_queue_name: { any_: ["default"] } }, ["daily"]],
      ["a concurrency limit, which is ignored", { concurrency_limit: { ge_: 5 } }, ["daily", "nightly_50%"]],
    ],
  }),
  subject("WorkPoolFilter", {
    endpoint: "work_pools",
    part: "work_pools",
    table: "work_pool",
    column: "name",
    match: matchWorkPool,
    cases: [
      ["ids", { id: { any_: [POOLS.cloud] } }, ["cloud"]],
      ["names", { name: { any_: ["local"] } }, ["local"]],
      ["types", { type: { any_: ["docker", "process"] } }, ["local", "cloud"]],
    ],
  }),
  subject("WorkQueueFilter", {
    endpoint: "work_queues",
    part: "work_queues",
    table: "work_queue",
    column: "name",
    match: matchWorkQueue,
    cases: [
      ["ids", { id: { any_: [QUEUES.Fast] } }, ["Fast"]],
      ["prefixes in any case", { name: { startswith_: ["fa", "DEF"] } }, ["default", "Fast"]],
      ["not the middle", { name: { startswith_: ["ast"] } }, []],
      ["no prefixes: all", { name: { startswith_: [] } }, ["default", "Fast"]],
    ],
  }),
  subject("WorkerFilter", {
    endpoint: "work_pools/local/workers",
    part: "workers",
    table: "worker",
    column: "name",
    match: matchWorker,
    cases: [
      ["heartbeat", { last_heartbeat_time: { after_: at("10:00:00") } }, ["w1"]],
      ["status", { status: { any_: ["OFFLINE"] } }, ["w2"]],
      ["status to leave out", { status: { not_any_: ["OFFLINE"] } }, ["w1"]],
    ],
  }),
  subject("LogFilter", {
    endpoint: "logs",
    part: "logs",
    table: "log",
    column: "message",
    match: matchLog,
    cases: [
      ["levels", { level: { ge_: 20, le_: 20 } }, [starting]],
      ["levels no column can hold", { level: { ge_: -40_000, le_: 3_000_000_000 } }, [starting, timeout, hi]],
      ["times", { timestamp: { after_: at("10:00:00"), before_: at("10:00:05") } }, [starting, timeout]],
      ["logs of flow runs", { flow_run_id: { any_: [RUNS.done] } }, [starting, timeout]],
      ["logs of task runs", { task_run_id: { any_: [TASKS.failed] } }, [timeout]],
      ["logs of no task run", { flow_run_id: { any_: [RUNS.done] }, task_run_id: { is_null_: true } }, [starting]],
      ["a word in any case", { text: { query: "timeout" } }, [timeout]],
      ["a word of the logger's name", { text: { query: "task_runs" } }, [timeout]],
      ["one of the words", { text: { query: "timeout up" } }, [starting, timeout]],
      ["a word to leave out", { text: { query: "prefect -timeout" } }, [starting, hi]],
      ["only a word to leave out", { text: { query: "!timeout" } }, [starting, hi]],
      ["a required word", { text: { query: "up timeout +prefect +here" } }, [timeout]],
      ["a phrase", { text: { query: '"TIMEOUT here"' } }, [timeout]],
      ["quotes and backslashes", { text: { query: String.raw`"\"hi\" c:\\temp"` } }, [hi]],
      ["% is no wildcard", { text: { query: "100%" } }, [starting]],
      ["_ is no wildcard", { text: { query: "10_" } }, []],
      ["blanks: all", { text: { query: "  " } }, [starting, timeout, hi]],
      ["NUL: none", { text: { query: "a\0b" } }, []],
    ],
  }),
  subject("ArtifactFilter", {
    endpoint: "artifacts",
    part: "artifacts",
    table: "artifact",
    column: "key",
    match: matchArtifact,
    cases: [
      ["ids", { id: { any_: [uuid(81)] } }, ["report"]],
      ["keys", { key: { any_: ["report", "x"] } }, ["report"]],
      ["part of a key, in any case", { key: { like_: "table_" } }, ["Table_1"]],
      ["with a key", { key: { exists_: true } }, ["report", "Table_1"]],
      ["without a key", { key: { exists_: false } }, [null]],
      ["flow runs", { flow_run_id: { any_: [RUNS.busy] } }, ["Table_1"]],
      ["task runs", { task_run_id: { any_: [TASKS.parent] } }, [null]],
      ["types to leave out: without a type stays out too", { type: { not_any_: ["result"] } }, ["report"]],
    ],
  }),
  subject("ArtifactCollectionFilter", {
    endpoint: "artifacts/latest",
    part: "artifacts",
    table: "artifact_collection",
    column: "key",
    match: matchArtifactCollection,
    cases: [
      ["ids of the newest artifact", { latest_id: { any_: [uuid(83)] } }, ["Table_1"]],
      ["types", { type: { any_: ["markdown"] } }, ["report"]],
      ["flow runs", { flow_run_id: { any_: [RUNS.done] } }, ["report"]],
    ],
  }),
  subject("VariableFilter", {
    endpoint: "variables",
    part: "variables",
    table: "variable",
    column: "name",
    match: matchVariable,
    cases: [
      ["ids", { id: { any_: [uuid(92)] } }, ["t_two"]],
      ["part of a name", { name: { like_: "T_" } }, ["t_two"]],
      ["tags", { tags: { all_: ["x"] } }, ["one"]],
      ["no tags", { tags: { is_null_: true } }, ["t_two"]],
    ],
  }),
  subject("BlockTypeFilter", {
    endpoint: "block_types",
    part: "block_types",
    table: "block_type",
    column: "slug",
    match: matchBlockType,
    cases: [
      ["part of a name", { name: { like_: "slack" } }, ["slack-webhook"]],
      ["slugs", { slug: { any_: ["s3"] } }, ["s3"]],
    ],
  }),
  subject("BlockSchemaFilter", {
    endpoint: "block_schemas",
    part: "block_schemas",
    table: "block_schema",
    column: "checksum",
    match: matchBlockSchema,
    cases: [
      ["block types", { block_type_id: { any_: [uuid(111)] } }, ["c1"]],
      ["capabilities", { block_capabilities: { all_: ["write-path", "read-path"] } }, ["c2"]],
      ["versions", { version: { any_: ["2.0"] } }, ["c2"]],
    ],
  }),
  subject("AutomationFilter", {
    endpoint: "automations",
    part: "automations",
    table: "automation",
    column: "name",
    match: matchAutomation,
    cases: [
      ["names", { name: { any_: ["cancel"] } }, ["cancel"]],
      ["created by then", { created: { before_: at("08:00:00") } }, ["notify"]],
      ["any tag", { tags: { any_: ["x"] } }, ["notify"]],
    ],
  }),
];
