import type { Db } from "../database.ts";
import { prepare } from "../prepared.ts";
import type { Row } from "../tables.ts";

type WithResult<S> = S & { readonly result_data: string | null };
/** A state with the data of its result artifact. */
export type FlowRunStateRow = WithResult<Row<"flow_run_state">>;
/** The same of a task run. */
export type TaskRunStateRow = WithResult<Row<"task_run_state">>;

function selectFlowRunStates(db: Db) {
  return db
    .selectFrom("flow_run_state as state")
    .leftJoin("artifact as result", "result.id", "state.result_artifact_id")
    .selectAll("state")
    .select("result.data as result_data");
}

const flowRunState = prepare<{ id: string }, FlowRunStateRow>("read_flow_run_state", (db, value) =>
  selectFlowRunStates(db).where("state.id", "=", value("id")),
);

export async function findFlowRunState(db: Db, id: string): Promise<FlowRunStateRow | undefined> {
  const rows = await flowRunState(db, { id });
  return rows[0];
}

const flowRunStates = prepare<{ run: string }, FlowRunStateRow>("list_flow_run_states", (db, value) =>
  selectFlowRunStates(db).where("state.flow_run_id", "=", value("run")).orderBy("state.timestamp"),
);

/** All states of a flow run, oldest first; the reference gives them without a limit too. */
export function listFlowRunStates(db: Db, flowRunId: string): Promise<readonly FlowRunStateRow[]> {
  return flowRunStates(db, { run: flowRunId });
}

function selectTaskRunStates(db: Db) {
  return db
    .selectFrom("task_run_state as state")
    .leftJoin("artifact as result", "result.id", "state.result_artifact_id")
    .selectAll("state")
    .select("result.data as result_data");
}

const taskRunState = prepare<{ id: string }, TaskRunStateRow>("read_task_run_state", (db, value) =>
  selectTaskRunStates(db).where("state.id", "=", value("id")),
);

export async function findTaskRunState(db: Db, id: string): Promise<TaskRunStateRow | undefined> {
  const rows = await taskRunState(db, { id });
  return rows[0];
}

const taskRunStates = prepare<{ run: string }, TaskRunStateRow>("list_task_run_states", (db, value) =>
  selectTaskRunStates(db).where("state.task_run_id", "=", value("run")).orderBy("state.timestamp"),
);

/** All states of a task run, oldest first. */
export function listTaskRunStates(db: Db, taskRunId: string): Promise<readonly TaskRunStateRow[]> {
  return taskRunStates(db, { run: taskRunId });
}
