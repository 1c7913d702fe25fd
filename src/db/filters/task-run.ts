import { type SqlBool, sql } from "kysely";
import { isOneOf } from "../dialects/expressions.ts";
import { id, isNull, state, tags, time, word } from "./criteria.ts";
import { column, defineFilter, type Matcher, type Operator } from "./filter.ts";

interface FlowRunIdCriteria {
  readonly operator?: Operator;
  readonly any_?: readonly string[] | null;
  readonly is_null_?: boolean | null;
}

/** `is_null_` is false unless given, and then wins over `any_`; explicit null leaves both out. */
const flowRunId: Matcher<FlowRunIdCriteria> = (dialect, { any_, is_null_ = false }) => {
  const flowRun = column("task_run.flow_run_id");
  if (is_null_ === true) return isNull(flowRun, true);
  if (any_) return isOneOf(dialect, flowRun, { of: any_, type: "uuid" });
  return isNull(flowRun, is_null_) ?? sql<SqlBool>`true`;
};

/** Whether the task run stands for a subflow in its parent. */
const hasSubflow: Matcher<{ readonly exists_?: boolean | null }> = (_dialect, { exists_ }) => {
  if (exists_ === null || exists_ === undefined) return sql<SqlBool>`true`;
  const exists = sql<SqlBool>`exists (select 1 from flow_run as subflow where subflow.parent_task_run_id = task_run.id)`;
  return exists_ ? exists : sql<SqlBool>`not ${exists}`;
};

/** TaskRunFilter as a condition on `task_run`. Without an index of their own: name, tags, end_time. */
export const matchTaskRun = defineFilter({
  id: id(column("task_run.id")),
  name: word(column("task_run.name")),
  tags: tags(column("task_run.tags")),
  state: state(column("task_run.state_type"), column("task_run.state_name")),
  start_time: time(column("task_run.start_time")),
  end_time: time(column("task_run.end_time")),
  expected_start_time: time(column("task_run.expected_start_time")),
  subflow_runs: hasSubflow,
  flow_run_id: flowRunId,
});
