import * as s from "../../kit/schema/schema.ts";
import { State } from "../../schemas/state.ts";
import { TaskRun } from "../../schemas/task-run.ts";

/** What a client's event says of one of its task runs. */
export interface TaskRunEventReport {
  readonly id: string;
  readonly flow_run_id: string | null;
  readonly task_key: string;
  readonly dynamic_key: string;
  /** Only the columns the event names. */
  readonly columns: ReportedColumns;
  readonly state: State;
}

const reportedFields = TaskRun.fields;

/** The `task_run` part of the payload: what is absent stays absent, what the server decides is ignored. */
const ReportedTaskRun = s.object("ReportedTaskRun", {
  task_key: s.string(),
  dynamic_key: s.preprocess(s.string(), (input) => (typeof input === "number" ? String(input) : input)),
  name: s.optional(s.string()),
  cache_key: s.optional(reportedFields.cache_key.schema),
  cache_expiration: s.optional(reportedFields.cache_expiration.schema),
  task_version: s.optional(reportedFields.task_version.schema),
  empirical_policy: s.optional(reportedFields.empirical_policy.schema),
  tags: s.optional(reportedFields.tags.schema),
  labels: s.optional(reportedFields.labels.schema),
  task_inputs: s.optional(reportedFields.task_inputs.schema),
  run_count: s.optional(s.integer()),
  flow_run_run_count: s.optional(s.integer()),
  expected_start_time: s.optional(s.nullable(s.dateTime())),
  next_scheduled_start_time: s.optional(s.nullable(s.dateTime())),
  start_time: s.optional(s.nullable(s.dateTime())),
  end_time: s.optional(s.nullable(s.dateTime())),
  total_run_time: s.optional(s.number()),
});
export type ReportedColumns = s.Infer<typeof ReportedTaskRun>;

interface EventParts {
  readonly id: string;
  readonly occurred: string;
  readonly event: string;
  readonly resource: Readonly<Record<string, string>>;
  readonly related: readonly Readonly<Record<string, string>>[];
  readonly payload: unknown;
}

const TASK_RUN = "prefect.task-run.";
const FLOW_RUN = "prefect.flow-run.";

/** True for events by which a client that orchestrates its own tasks reports them. */
export function isTaskRunReport(event: EventParts): boolean {
  return event.event.startsWith(TASK_RUN) && event.resource["prefect.orchestration"] === "client";
}

/** Reads such an event, or gives undefined when it does not describe a task run and its state. */
export function taskRunReport(event: EventParts): TaskRunEventReport | undefined {
  const id = idAfter(TASK_RUN, event.resource);
  const { validated_state, task_run } = (event.payload ?? {}) as Record<string, unknown>;
  if (id === undefined || !isObject(validated_state)) return undefined;
  const flowRun = event.related.find((resource) => resource["prefect.resource.role"] === "flow-run");
  const flow_run_id = (flowRun && idAfter(FLOW_RUN, flowRun)) ?? null;

  const columns = ReportedTaskRun.parse(task_run);
  const state = State.parse({ ...validated_state, id: event.id, timestamp: event.occurred });
  if (!columns.ok || !state.ok) return undefined;
  const state_details = { ...state.value.state_details, task_run_id: id, flow_run_id };
  const { task_key, dynamic_key } = columns.value;
  return { id, flow_run_id, task_key, dynamic_key, columns: columns.value, state: { ...state.value, state_details } };
}

function idAfter(prefix: string, resource: Readonly<Record<string, string>>): string | undefined {
  const id = resource["prefect.resource.id"] ?? "";
  const parsed = id.startsWith(prefix) ? s.uuid().parse(id.slice(prefix.length)) : undefined;
  return parsed?.ok ? parsed.value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
