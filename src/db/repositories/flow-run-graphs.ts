import { type SqlBool, sql } from "kysely";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";
import { timestampValue } from "../dialects/expressions.ts";

/** A task run of a flow run with the subflow run it stands for, if any. */
export interface GraphNodeRow {
  readonly task_run_id: string;
  readonly task_name: string;
  readonly task_state_type: string | null;
  readonly task_start_time: Timestamp | null;
  readonly task_expected_start_time: Timestamp | null;
  readonly task_end_time: Timestamp | null;
  readonly child_id: string | null;
  readonly child_name: string | null;
  readonly child_flow_name: string | null;
  readonly child_state_type: string | null;
  readonly child_start_time: Timestamp | null;
  readonly child_expected_start_time: Timestamp | null;
  readonly child_end_time: Timestamp | null;
}

const START = sql`coalesce(child.start_time, child.expected_start_time, task_run.start_time, task_run.expected_start_time)`;
const END = sql`coalesce(child.end_time, task_run.end_time,
  case when task_run.state_type = 'COMPLETED' then task_run.expected_start_time end)`;

function selectNodes(db: Db, flowRunId: string) {
  return db
    .selectFrom("task_run")
    .leftJoin("flow_run as child", "child.parent_task_run_id", "task_run.id")
    .where("task_run.flow_run_id", "=", flowRunId)
    .where(sql<SqlBool>`${START} is not null`);
}

/** The runs that a flow run's graph shows: with a start, and no end before `since`; in the order of time. */
export async function listGraphNodes(
  db: Db,
  flowRunId: string,
  { since, limit }: { readonly since: Timestamp; readonly limit: number },
): Promise<readonly GraphNodeRow[]> {
  return await selectNodes(db, flowRunId)
    .leftJoin("flow as child_flow", "child_flow.id", "child.flow_id")
    .select([
      "task_run.id as task_run_id",
      "task_run.name as task_name",
      "task_run.state_type as task_state_type",
      "task_run.start_time as task_start_time",
      "task_run.expected_start_time as task_expected_start_time",
      "task_run.end_time as task_end_time",
      "child.id as child_id",
      "child.name as child_name",
      "child_flow.name as child_flow_name",
      "child.state_type as child_state_type",
      "child.start_time as child_start_time",
      "child.expected_start_time as child_expected_start_time",
      "child.end_time as child_end_time",
    ])
    .where(sql<SqlBool>`(${END} is null or ${END} >= ${timestampValue(dialectOf(db), since)})`)
    .orderBy(sql`${START}, ${END}, task_run.id`)
    .limit(limit)
    .execute();
}

/** Where the inputs of a run in the graph came from. */
export interface GraphInputsRow {
  readonly task_run_id: string;
  readonly child_id: string | null;
  /** JSON text. */
  readonly task_inputs: string;
}

/** The inputs of all runs that `listGraphNodes` may show, in the order of their start: edges may lead to any of them. */
export async function listGraphInputs(db: Db, flowRunId: string): Promise<readonly GraphInputsRow[]> {
  return await selectNodes(db, flowRunId)
    .select(["task_run.id as task_run_id", "child.id as child_id", "task_run.task_inputs"])
    .orderBy(sql`${START}, task_run.id`)
    .execute();
}

/** An artifact as a graph shows it. */
export interface GraphArtifactRow {
  readonly id: string;
  readonly created: Timestamp;
  readonly key: string | null;
  readonly type: string | null;
  /** JSON text. */
  readonly data: string | null;
  readonly task_run_id: string | null;
  /** Null unless it is the newest of its key. */
  readonly latest_id: string | null;
}

/** The artifacts of a flow run that are not results, oldest first. */
export async function listGraphArtifacts(
  db: Db,
  flowRunId: string,
  limit: number,
): Promise<readonly GraphArtifactRow[]> {
  return await db
    .selectFrom("artifact")
    .leftJoin("artifact_collection as collection", (join) =>
      join.onRef("collection.key", "=", "artifact.key").onRef("collection.latest_id", "=", "artifact.id"),
    )
    .select([
      "artifact.id",
      "artifact.created",
      "artifact.key",
      "artifact.type",
      "artifact.data",
      "artifact.task_run_id",
      "collection.latest_id",
    ])
    .where("artifact.flow_run_id", "=", flowRunId)
    .where("artifact.type", "!=", "result")
    .orderBy("artifact.created")
    .orderBy("artifact.id")
    .limit(limit)
    .execute();
}
