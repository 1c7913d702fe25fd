import { type SqlBool, sql } from "kysely";
import { isOneOf, jsonText } from "../dialects/expressions.ts";
import { id, isNull, state, tags, time, word } from "./criteria.ts";
import { column, combine, defineFilter, type Matcher, type Operator } from "./filter.ts";

/** When a run started or, before that, should start: what lists of runs go by. */
export const flowRunStart = sql`coalesce(flow_run.start_time, flow_run.expected_start_time)`;

interface ParentCriteria {
  readonly operator?: Operator;
  readonly any_?: readonly string[] | null;
}

/** Subflows of the given runs: their parent task run belongs to one of them. */
const childOfFlowRun: Matcher<ParentCriteria> = (dialect, { any_ }) => {
  if (!any_) return combine("and_", []);
  const parents = isOneOf(dialect, sql.ref("parent.flow_run_id"), { of: any_, type: "uuid" });
  return sql<SqlBool>`flow_run.parent_task_run_id in (select parent.id from task_run as parent where ${parents})`;
};

interface CreatorCriteria {
  readonly operator?: Operator;
  readonly id_?: readonly string[] | null;
  readonly type_?: readonly string[] | null;
  readonly is_null_?: boolean | null;
}

const creator: Matcher<CreatorCriteria> = (dialect, { operator, id_, type_, is_null_ }) => {
  const createdBy = column("flow_run.created_by");
  return combine(operator, [
    id_ ? isOneOf(dialect, sql`(${jsonText(createdBy, "id")})`, { of: id_, type: "text" }) : undefined,
    type_ ? isOneOf(dialect, sql`(${jsonText(createdBy, "type")})`, { of: type_, type: "text" }) : undefined,
    isNull(createdBy, is_null_),
  ]);
};

/**
 * FlowRunFilter as a condition on `flow_run`. Without an index of their own (each narrows a list that others select):
 * name, tags, work_queue_name, flow_version, end_time, created_by, idempotency_key without a flow.
 */
export const matchFlowRun = defineFilter({
  id: id(column("flow_run.id")),
  name: word(column("flow_run.name")),
  tags: tags(column("flow_run.tags")),
  deployment_id: id(column("flow_run.deployment_id")),
  work_queue_name: word(column("flow_run.work_queue_name")),
  flow_version: word(column("flow_run.flow_version")),
  state: state(column("flow_run.state_type"), column("flow_run.state_name")),
  start_time: time(flowRunStart, column("flow_run.start_time")),
  end_time: time(column("flow_run.end_time")),
  expected_start_time: time(column("flow_run.expected_start_time")),
  next_scheduled_start_time: time(column("flow_run.next_scheduled_start_time")),
  parent_flow_run_id: childOfFlowRun,
  parent_task_run_id: id(column("flow_run.parent_task_run_id")),
  idempotency_key: word(column("flow_run.idempotency_key")),
  created_by: creator,
});
