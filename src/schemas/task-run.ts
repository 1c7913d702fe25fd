import * as s from "../kit/schema/schema.ts";
import { labelsOrNull, orNull, runName, storedFields } from "./common.ts";
import { fillRetries } from "./retry-policy.ts";
import { State, StateCreate, StateType } from "./state.ts";

const MAX_RETRY_DELAYS = 50;

function checkDelays(delay: number | readonly number[]): string | undefined {
  const isTooLong = typeof delay !== "number" && delay.length > MAX_RETRY_DELAYS;
  return isTooLong ? `Can not configure more than ${MAX_RETRY_DELAYS} retry delays per task.` : undefined;
}

function checkJitter(factor: number): string | undefined {
  return factor < 0 ? "`retry_jitter_factor` must be >= 0." : undefined;
}

export const TaskRunPolicy = s.preprocess(
  s.object("TaskRunPolicy", {
    max_retries: s.defaulted(s.documented(s.integer(), { keywords: { deprecated: true } }), 0),
    retry_delay_seconds: s.defaulted(s.documented(s.number(), { keywords: { deprecated: true } }), 0),
    retries: orNull(s.integer()),
    retry_delay: orNull(
      s.refine(s.union([s.integer(), s.number(), s.array(s.integer()), s.array(s.number())]), checkDelays),
    ),
    retry_jitter_factor: orNull(s.refine(s.number(), checkJitter)),
  }),
  fillRetries,
);
export type TaskRunPolicy = s.Infer<typeof TaskRunPolicy>;

export const TaskRunResult = s.object("TaskRunResult", {
  input_type: s.defaulted(s.literal("task_run"), "task_run"),
  id: s.uuid(),
});
export type TaskRunResult = s.Infer<typeof TaskRunResult>;

export const FlowRunResult = s.object("FlowRunResult", {
  input_type: s.defaulted(s.literal("flow_run"), "flow_run"),
  id: s.uuid(),
});
export type FlowRunResult = s.Infer<typeof FlowRunResult>;

export const Parameter = s.object("Parameter", {
  input_type: s.defaulted(s.literal("parameter"), "parameter"),
  name: s.string(),
});
export type Parameter = s.Infer<typeof Parameter>;

export const Constant = s.object("Constant", {
  input_type: s.defaulted(s.literal("constant"), "constant"),
  type: s.string(),
});
export type Constant = s.Infer<typeof Constant>;

/** Where a task run's inputs came from, by parameter name; `__parents__` is the graph's own key. */
export const TaskInputs = s.record(s.array(s.union([TaskRunResult, FlowRunResult, Parameter, Constant])));
export type TaskInputs = s.Infer<typeof TaskInputs>;

/** The reference's default; its setting `PREFECT_SERVER_API_TASK_CACHE_KEY_MAX_LENGTH` is rarely changed. */
const MAX_CACHE_KEY_LENGTH = 2000;

const cacheKey = s.refine(s.string(), (key) =>
  key.length > MAX_CACHE_KEY_LENGTH
    ? `Cache key exceeded maximum allowed length of ${MAX_CACHE_KEY_LENGTH} characters.`
    : undefined,
);

export const TaskRun = s.object("TaskRun", {
  ...storedFields,
  name: s.supplied(s.string()),
  flow_run_id: orNull(s.uuid()),
  task_key: s.string(),
  dynamic_key: s.string(),
  cache_key: orNull(cacheKey),
  cache_expiration: orNull(s.dateTime()),
  task_version: orNull(s.string()),
  empirical_policy: s.defaulted(TaskRunPolicy, s.emptyOf(TaskRunPolicy)),
  tags: s.defaulted(s.array(s.string()), () => []),
  labels: labelsOrNull(),
  state_id: orNull(s.uuid()),
  task_inputs: s.defaulted(TaskInputs, () => ({})),
  state_type: orNull(StateType),
  state_name: orNull(s.string()),
  run_count: s.defaulted(s.integer(), 0),
  flow_run_run_count: s.defaulted(s.integer(), 0),
  expected_start_time: orNull(s.dateTime()),
  next_scheduled_start_time: orNull(s.dateTime()),
  start_time: orNull(s.dateTime()),
  end_time: orNull(s.dateTime()),
  total_run_time: s.defaulted(s.number(), 0.0),
  estimated_run_time: s.defaulted(s.number(), 0.0),
  estimated_start_time_delta: s.defaulted(s.number(), 0.0),
  state: orNull(State),
});
export type TaskRun = s.Infer<typeof TaskRun>;

export const TaskRunCreate = s.object(
  "TaskRunCreate",
  {
    id: orNull(s.uuid()),
    state: orNull(StateCreate),
    name: s.optional(runName()),
    flow_run_id: orNull(s.uuid()),
    task_key: s.string(),
    dynamic_key: s.string(),
    cache_key: orNull(cacheKey),
    cache_expiration: orNull(s.dateTime()),
    task_version: orNull(s.string()),
    empirical_policy: s.defaulted(TaskRunPolicy, s.emptyOf(TaskRunPolicy)),
    tags: s.defaulted(s.array(s.string()), () => []),
    labels: labelsOrNull(),
    task_inputs: s.defaulted(TaskInputs, () => ({})),
  },
  { extra: "forbid" },
);
export type TaskRunCreate = s.Infer<typeof TaskRunCreate>;

export const TaskRunUpdate = s.object(
  "TaskRunUpdate",
  {
    name: s.optional(runName()),
  },
  { extra: "forbid" },
);
export type TaskRunUpdate = s.Infer<typeof TaskRunUpdate>;

export const TaskRunResponse = s.object("TaskRunResponse", {
  ...storedFields,
  name: s.supplied(s.string()),
  flow_run_id: orNull(s.uuid()),
  task_key: s.string(),
  state_id: orNull(s.uuid()),
  state: orNull(State),
  task_version: orNull(s.string()),
  task_inputs: s.defaulted(TaskInputs, () => ({})),
  empirical_policy: s.defaulted(TaskRunPolicy, s.emptyOf(TaskRunPolicy)),
  tags: s.defaulted(s.array(s.string()), () => []),
  start_time: orNull(s.dateTime()),
  end_time: orNull(s.dateTime()),
  total_run_time: s.defaulted(s.number(), 0.0),
  estimated_run_time: s.defaulted(s.number(), 0.0),
  estimated_start_time_delta: s.defaulted(s.number(), 0.0),
});
export type TaskRunResponse = s.Infer<typeof TaskRunResponse>;

export const TaskRunPaginationResponse = s.object("TaskRunPaginationResponse", {
  results: s.array(TaskRunResponse),
  count: s.integer(),
  limit: s.integer(),
  pages: s.integer(),
  page: s.integer(),
});
export type TaskRunPaginationResponse = s.Infer<typeof TaskRunPaginationResponse>;

export const TaskRunCount = s.named("TaskRunCount", s.record(s.integer()));
export type TaskRunCount = s.Infer<typeof TaskRunCount>;

export const UITaskRun = s.object("UITaskRun", {
  ...storedFields,
  name: s.supplied(s.string()),
  flow_run_id: orNull(s.uuid()),
  task_key: s.string(),
  dynamic_key: s.string(),
  cache_key: orNull(s.string()),
  cache_expiration: orNull(s.dateTime()),
  task_version: orNull(s.string()),
  empirical_policy: s.defaulted(TaskRunPolicy, s.emptyOf(TaskRunPolicy)),
  tags: s.defaulted(s.array(s.string()), () => []),
  labels: labelsOrNull(),
  state_id: orNull(s.uuid()),
  task_inputs: s.defaulted(TaskInputs, () => ({})),
  state_type: orNull(StateType),
  state_name: orNull(s.string()),
  run_count: s.defaulted(s.integer(), 0),
  flow_run_run_count: s.defaulted(s.integer(), 0),
  expected_start_time: orNull(s.dateTime()),
  next_scheduled_start_time: orNull(s.dateTime()),
  start_time: orNull(s.dateTime()),
  end_time: orNull(s.dateTime()),
  total_run_time: s.defaulted(s.number(), 0.0),
  estimated_run_time: s.defaulted(s.number(), 0.0),
  estimated_start_time_delta: s.defaulted(s.number(), 0.0),
  state: orNull(State),
  flow_run_name: orNull(s.string()),
});
export type UITaskRun = s.Infer<typeof UITaskRun>;
