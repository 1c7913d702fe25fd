import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Dialect } from "../dialects/dialect.ts";
import {
  always,
  type Condition,
  existsPerRow,
  isAmong,
  isOneOf,
  joinInThisOrder,
  prefersLists,
} from "../dialects/expressions.ts";
import { matchArtifact, matchArtifactCollection } from "./artifact.ts";
import { matchBlockDocument, matchBlockSchema, matchBlockType } from "./block.ts";
import { matchDeployment } from "./deployment.ts";
import { column, combine } from "./filter.ts";
import { matchFlow } from "./flow.ts";
import { matchFlowRun } from "./flow-run.ts";
import { matchTaskRun } from "./task-run.ts";
import { matchWorkPool, matchWorkQueue } from "./work-pool.ts";

type FilterFor<Match extends (dialect: Dialect, filter: never) => Condition> = Parameters<Match>[1] | null | undefined;

/** The parts of a filter request. A part that is given, even empty, demands that such a related object exists. */
export interface RelatedFilters {
  readonly flows?: FilterFor<typeof matchFlow>;
  readonly flow_runs?: FilterFor<typeof matchFlowRun>;
  readonly task_runs?: FilterFor<typeof matchTaskRun>;
  readonly deployments?: FilterFor<typeof matchDeployment>;
  readonly work_pools?: FilterFor<typeof matchWorkPool>;
  readonly work_pool_queues?: FilterFor<typeof matchWorkQueue>;
}

/** Flow runs that match `flow_runs` and have a match for each other part. */
export function matchingFlowRuns(dialect: Dialect, filters: RelatedFilters): Condition {
  const { flows, flow_runs, task_runs, deployments, work_pools, work_pool_queues } = filters;
  const queue = matchingWorkQueues(dialect, { work_pools, work_pool_queues });
  return combine("and_", [
    flow_runs ? matchFlowRun(dialect, flow_runs) : undefined,
    knownIds(dialect, column("flow_run.deployment_id"), deployments),
    deployments
      ? sql<SqlBool>`exists (select 1 from deployment where deployment.id = flow_run.deployment_id and ${matchDeployment(dialect, deployments)})`
      : undefined,
    // Not EXISTS: the queues are few, and found first their runs are found by index.
    queue && sql<SqlBool>`flow_run.work_queue_id in (select work_queue.id from work_queue where ${queue})`,
    knownIds(dialect, column("flow_run.flow_id"), flows),
    flows
      ? sql<SqlBool>`exists (select 1 from flow where flow.id = flow_run.flow_id and ${matchFlow(dialect, flows)})`
      : undefined,
    task_runs
      ? sql<SqlBool>`exists (select 1 from task_run where task_run.flow_run_id = flow_run.id and ${matchTaskRun(dialect, task_runs)})`
      : undefined,
  ]);
}

/** Task runs that match `task_runs` and whose flow run matches the other parts. */
export function matchingTaskRuns(dialect: Dialect, filters: RelatedFilters): Condition {
  const { task_runs, ...ofFlowRun } = filters;
  return combine("and_", [
    task_runs ? matchTaskRun(dialect, task_runs) : undefined,
    knownIds(dialect, column("task_run.flow_run_id"), ofFlowRun.flow_runs),
    isAnyGiven(ofFlowRun) ? hasFlowRun(dialect, ofFlowRun) : undefined,
  ]);
}

function hasFlowRun(dialect: Dialect, filters: RelatedFilters): Condition {
  const where = matchingFlowRuns(dialect, filters);
  if (where === always) return sql<SqlBool>`task_run.flow_run_id is not null`;
  return arePinned(filters)
    ? isAmong(dialect, column("task_run.flow_run_id"), sql`select flow_run.id from flow_run where ${where}`)
    : existsPerRow(sql`select 1 from flow_run where flow_run.id = task_run.flow_run_id and ${where}`);
}

/** The flow runs asked for belong to known runs, flows or deployments, so that they are found before their task runs. */
function arePinned({ flow_runs, flows, deployments }: RelatedFilters): boolean {
  return [flow_runs, flows, deployments].some((part) => part?.operator !== "or_" && part?.id?.any_);
}

/** What comes after FROM, and the condition that goes with it. */
export interface Source {
  readonly from: RawBuilder<unknown>;
  readonly where: Condition;
}

/** All task runs that `matchingTaskRuns` means, each once, from the side that has fewer: for counts, which read them all. */
export function taskRunSource(dialect: Dialect, filters: RelatedFilters): Source {
  const { task_runs, ...ofFlowRun } = filters;
  const { start_time, expected_start_time } = ofFlowRun.flow_runs ?? {};
  const byTime = (start_time ?? expected_start_time) && !(task_runs?.start_time ?? task_runs?.expected_start_time);
  const isJoin = arePinned(ofFlowRun) ? !prefersLists(dialect) : byTime;
  if (!isJoin) return { from: sql.table("task_run"), where: matchingTaskRuns(dialect, filters) };
  const from = sql`flow_run ${joinInThisOrder(dialect)} task_run on task_run.flow_run_id = flow_run.id`;
  const conditions = [task_runs ? matchTaskRun(dialect, task_runs) : undefined, matchingFlowRuns(dialect, ofFlowRun)];
  return { from, where: combine("and_", conditions) };
}

/** Flows that match `flows` and have a deployment, and a flow run, that match the other parts. */
export function matchingFlows(dialect: Dialect, filters: Omit<RelatedFilters, "work_pool_queues">): Condition {
  const { flows, flow_runs, task_runs, deployments, work_pools } = filters;
  return combine("and_", [
    flows ? matchFlow(dialect, flows) : undefined,
    deployments || work_pools
      ? sql<SqlBool>`exists (select 1 from deployment where deployment.flow_id = flow.id and ${matchingDeployments(dialect, { deployments, work_pools })})`
      : undefined,
    flow_runs || task_runs ? hasFlowRuns(matchingFlowRuns(dialect, { flow_runs, task_runs })) : undefined,
  ]);
}

/** A flow with any run at all is known by its first one; to look through all runs of each flow for special ones takes long. */
function hasFlowRuns(where: Condition): Condition {
  return where === always
    ? sql<SqlBool>`exists (select 1 from flow_run where flow_run.flow_id = flow.id)`
    : sql<SqlBool>`flow.id in (select flow_run.flow_id from flow_run where ${where})`;
}

/** Deployments that match `deployments` and have a flow, a flow run and a work queue that match the other parts. */
export function matchingDeployments(dialect: Dialect, filters: RelatedFilters): Condition {
  const { flows, flow_runs, task_runs, deployments, work_pools, work_pool_queues } = filters;
  const queue = matchingWorkQueues(dialect, { work_pools, work_pool_queues });
  return combine("and_", [
    deployments ? matchDeployment(dialect, deployments) : undefined,
    flows
      ? sql<SqlBool>`exists (select 1 from flow where flow.id = deployment.flow_id and ${matchFlow(dialect, flows)})`
      : undefined,
    flow_runs || task_runs
      ? sql<SqlBool>`exists (select 1 from flow_run where flow_run.deployment_id = deployment.id and ${matchingFlowRuns(dialect, { flow_runs, task_runs })})`
      : undefined,
    queue &&
      sql<SqlBool>`exists (select 1 from work_queue where work_queue.id = deployment.work_queue_id and ${queue})`,
  ]);
}

type ArtifactFilters<Match extends (dialect: Dialect, filter: never) => Condition> = Pick<
  RelatedFilters,
  "flows" | "flow_runs" | "task_runs" | "deployments"
> & { readonly artifacts?: FilterFor<Match> };

/** Artifacts that match `artifacts`, and whose flow run and task run match the other parts. */
export function matchingArtifacts(dialect: Dialect, filters: ArtifactFilters<typeof matchArtifact>): Condition {
  const { artifacts, ...ofRuns } = filters;
  return combine("and_", [
    artifacts ? matchArtifact(dialect, artifacts) : undefined,
    ...matchingRunsOf(dialect, "artifact", ofRuns),
  ]);
}

/** The same for the newest artifact of each key. */
export function matchingArtifactCollections(
  dialect: Dialect,
  filters: ArtifactFilters<typeof matchArtifactCollection>,
): Condition {
  const { artifacts, ...ofRuns } = filters;
  return combine("and_", [
    artifacts ? matchArtifactCollection(dialect, artifacts) : undefined,
    ...matchingRunsOf(dialect, "artifact_collection", ofRuns),
  ]);
}

function matchingRunsOf(dialect: Dialect, table: "artifact" | "artifact_collection", filters: RelatedFilters) {
  const { task_runs, ...ofFlowRun } = filters;
  const [flowRunId, taskRunId] = [column(`${table}.flow_run_id`), column(`${table}.task_run_id`)];
  return [
    isAnyGiven(ofFlowRun)
      ? sql<SqlBool>`exists (select 1 from flow_run where flow_run.id = ${flowRunId} and ${matchingFlowRuns(dialect, ofFlowRun)})`
      : undefined,
    task_runs
      ? sql<SqlBool>`exists (select 1 from task_run where task_run.id = ${taskRunId} and ${matchTaskRun(dialect, task_runs)})`
      : undefined,
  ];
}

export interface BlockDocumentFilters {
  readonly block_documents?: FilterFor<typeof matchBlockDocument>;
  readonly block_types?: FilterFor<typeof matchBlockType>;
  readonly block_schemas?: FilterFor<typeof matchBlockSchema>;
}

/** Block documents that match every part; anonymous ones only where `block_documents` says so. */
export function matchingBlockDocuments(dialect: Dialect, filters: BlockDocumentFilters): Condition {
  const { block_documents, block_types, block_schemas } = filters;
  return combine("and_", [
    matchBlockDocument(dialect, block_documents ?? { is_anonymous: { eq_: false } }),
    block_types
      ? sql<SqlBool>`exists (select 1 from block_type where block_type.id = block_document.block_type_id and ${matchBlockType(dialect, block_types)})`
      : undefined,
    block_schemas
      ? sql<SqlBool>`exists (select 1 from block_schema where block_schema.id = block_document.block_schema_id and ${matchBlockSchema(dialect, block_schemas)})`
      : undefined,
  ]);
}

/** Undefined when neither part is given. */
function matchingWorkQueues(
  dialect: Dialect,
  { work_pools, work_pool_queues }: Pick<RelatedFilters, "work_pools" | "work_pool_queues">,
): Condition | undefined {
  if (!work_pools && !work_pool_queues) return undefined;
  return combine("and_", [
    work_pool_queues ? matchWorkQueue(dialect, work_pool_queues) : undefined,
    work_pools
      ? sql<SqlBool>`exists (select 1 from work_pool where work_pool.id = work_queue.work_pool_id and ${matchWorkPool(dialect, work_pools)})`
      : undefined,
  ]);
}

/** Looks at the parts only: a request's sort order and page may come along. */
function isAnyGiven(filters: RelatedFilters): boolean {
  const { flows, flow_runs, task_runs, deployments, work_pools, work_pool_queues } = filters;
  return [flows, flow_runs, task_runs, deployments, work_pools, work_pool_queues].some(
    (part) => part !== null && part !== undefined,
  );
}

/**
 * Ids a related object must be one of, said of the column that points to it as well: the EXISTS below would find the
 * same rows, but only by looking at every one.
 */
function knownIds(
  dialect: Dialect,
  pointer: ReturnType<typeof column>,
  related:
    | { readonly operator?: "and_" | "or_"; readonly id?: { readonly any_?: readonly string[] | null } | null }
    | null
    | undefined,
): Condition | undefined {
  const ids = related?.operator === "or_" ? undefined : related?.id?.any_;
  return ids ? isOneOf(dialect, pointer, { of: ids, type: "uuid" }) : undefined;
}
