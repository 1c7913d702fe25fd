import { type RawBuilder, sql } from "kysely";
import type { Timestamp } from "../../kit/timestamp.ts";
import type {
  ArtifactCollectionSort,
  ArtifactSort,
  AutomationSort,
  BlockDocumentSort,
  DeploymentSort,
  FlowRunSort,
  FlowSort,
  LogSort,
  TaskRunSort,
  VariableSort,
} from "../../schemas/sorting.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { flowRunStart } from "./flow-run.ts";
import { estimatedRunSeconds } from "./run-times.ts";

/**
 * What to give to `orderBy(...)`. Equal times are put in the order of ids, which is that of creation, so that pages do
 * not overlap. Where a column is null, SQLite takes it for the smallest value and PostgreSQL for the greatest.
 */
export type Order = RawBuilder<unknown>;

type Orders<Sort extends string> = Readonly<Record<Sort, Order>>;

const FLOW_RUN: Orders<FlowRunSort> = {
  ID_DESC: sql`flow_run.id desc`,
  START_TIME_ASC: sql`${flowRunStart} asc, flow_run.id asc`,
  START_TIME_DESC: sql`${flowRunStart} desc, flow_run.id desc`,
  EXPECTED_START_TIME_ASC: sql`flow_run.expected_start_time asc, flow_run.id asc`,
  EXPECTED_START_TIME_DESC: sql`flow_run.expected_start_time desc, flow_run.id desc`,
  NAME_ASC: sql`flow_run.name asc`,
  NAME_DESC: sql`flow_run.name desc`,
  NEXT_SCHEDULED_START_TIME_ASC: sql`flow_run.next_scheduled_start_time asc, flow_run.id asc`,
  END_TIME_DESC: sql`flow_run.end_time desc, flow_run.id desc`,
};

export function flowRunOrder(sort: FlowRunSort): Order {
  return FLOW_RUN[sort];
}

const TASK_RUN: Orders<Exclude<TaskRunSort, "DURATION_ASC" | "DURATION_DESC">> = {
  ID_DESC: sql`task_run.id desc`,
  EXPECTED_START_TIME_ASC: sql`task_run.expected_start_time asc, task_run.id asc`,
  EXPECTED_START_TIME_DESC: sql`task_run.expected_start_time desc, task_run.id desc`,
  NAME_ASC: sql`task_run.name asc`,
  NAME_DESC: sql`task_run.name desc`,
  NEXT_SCHEDULED_START_TIME_ASC: sql`task_run.next_scheduled_start_time asc, task_run.id asc`,
  END_TIME_DESC: sql`task_run.end_time desc, task_run.id desc`,
};

/** `now` is what the duration of a running task run is counted to. */
export function taskRunOrder(sort: TaskRunSort, { dialect, now }: { dialect: Dialect; now: Timestamp }): Order {
  if (sort !== "DURATION_ASC" && sort !== "DURATION_DESC") return TASK_RUN[sort];
  const duration = estimatedRunSeconds(dialect, "task_run", now);
  const direction = sql.raw(sort === "DURATION_ASC" ? "asc" : "desc");
  return sql`${duration} ${direction}, task_run.expected_start_time desc, task_run.id desc`;
}

function orders<Table extends string>(table: Table) {
  const by = (column: string, direction: "asc" | "desc") => sql`${sql.ref(`${table}.${column}`)} ${sql.raw(direction)}`;
  return {
    CREATED_DESC: by("created", "desc"),
    UPDATED_DESC: by("updated", "desc"),
    ID_DESC: by("id", "desc"),
    NAME_ASC: by("name", "asc"),
    NAME_DESC: by("name", "desc"),
    KEY_ASC: by("key", "asc"),
    KEY_DESC: by("key", "desc"),
  };
}

const FLOW = orders("flow");
const DEPLOYMENT = orders("deployment");
const ARTIFACT = orders("artifact");
const ARTIFACT_COLLECTION = orders("artifact_collection");
const VARIABLE = orders("variable");
const AUTOMATION = orders("automation");

export const flowOrder = (sort: FlowSort): Order => FLOW[sort];
export const deploymentOrder = (sort: DeploymentSort): Order => DEPLOYMENT[sort];
export const artifactOrder = (sort: ArtifactSort): Order => ARTIFACT[sort];
export const artifactCollectionOrder = (sort: ArtifactCollectionSort): Order => ARTIFACT_COLLECTION[sort];
export const variableOrder = (sort: VariableSort): Order => VARIABLE[sort];
export const automationOrder = (sort: AutomationSort): Order => AUTOMATION[sort];

const LOG: Orders<LogSort> = {
  TIMESTAMP_ASC: sql`log.timestamp asc, log.id asc`,
  TIMESTAMP_DESC: sql`log.timestamp desc, log.id desc`,
};

export const logOrder = (sort: LogSort): Order => LOG[sort];

const BLOCK_DOCUMENT: Orders<BlockDocumentSort> = {
  NAME_ASC: sql`block_document.name asc`,
  NAME_DESC: sql`block_document.name desc`,
  BLOCK_TYPE_AND_NAME_ASC: sql`block_document.block_type_name asc, block_document.name asc`,
};

export const blockDocumentOrder = (sort: BlockDocumentSort): Order => BLOCK_DOCUMENT[sort];
