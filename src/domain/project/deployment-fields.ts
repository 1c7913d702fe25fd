import { isDeepStrictEqual } from "node:util";
import * as s from "../../kit/schema/schema.ts";
import { ConcurrencyOptions, type DeploymentSchedule } from "../../schemas/deployment.ts";
import { isObject, type JsonObject } from "../parameters/json-types.ts";
import { applyValues } from "../placeholders/apply-values.ts";
import {
  comparableSchedules,
  keepScheduleState,
  type ScheduleRequest,
  toScheduleRequest,
} from "./deployment-schedules.ts";
import { DeploymentConfigInvalid } from "./errors.ts";
import { type DeploymentConfig, type ScheduleConfig, writtenSchedules } from "./project-file.ts";

/** What the code says about a flow. */
export interface FlowFacts {
  readonly name: string;
  readonly version: string | null;
  readonly description: string | null;
  readonly parameterSchema: JsonObject;
}

/** What an entry says about its deployment once all placeholders are filled. Absent fields were not said. */
const Said = s.object("DeploymentFields", {
  version: s.optional(s.nullable(s.string())),
  description: s.optional(s.nullable(s.string())),
  tags: s.optional(s.nullable(s.array(s.string()))),
  entrypoint: s.string(),
  parameters: s.optional(s.record(s.json())),
  paused: s.optional(s.nullable(s.boolean())),
  enforce_parameter_schema: s.optional(s.nullable(s.boolean())),
  concurrency_limit: s.optional(s.nullable(s.integer({ gt: 0 }))),
  concurrency_options: s.optional(s.nullable(ConcurrencyOptions)),
  work_pool: s.object("DeploymentPool", {
    name: s.string(),
    work_queue_name: s.optional(s.nullable(s.string())),
    job_variables: s.optional(s.record(s.json())),
  }),
});

export interface FieldsInput {
  /** Blocks, variables and environment are filled in. */
  readonly config: DeploymentConfig;
  /** Of the steps that ran. */
  readonly outputs: JsonObject;
  readonly flow: FlowFacts;
  readonly versionInfo: JsonObject & { readonly version: string };
  readonly pullSteps: readonly JsonObject[];
  /** Leave placeholders that nothing stands for as they are. */
  readonly keepMissing?: boolean;
  /** Told the placeholders that nothing stands for. */
  readonly onMissing?: (placeholder: string) => void;
}

/** What a request says about a deployment, the same whether it is made or changed. */
export interface DeploymentFields extends JsonObject {
  readonly schedules?: readonly ScheduleRequest[];
  readonly work_pool_name: string;
  readonly work_queue_name?: string | null;
}

/** What the API is to be told; fields that the entry says nothing about are absent. Throws DEPLOYMENT_CONFIG_INVALID. */
export function deploymentFields(input: FieldsInput): DeploymentFields {
  const { config, flow, versionInfo, outputs } = input;
  const { schedules: _schedules, schedule: _schedule, triggers: _triggers, ...templated } = config;
  const said = check(fill(withLimits(templated), input));
  const { work_pool, tags, paused, enforce_parameter_schema, ...rest } = said;
  return {
    ...rest,
    version: versionInfo.version,
    version_info: versionInfo,
    description: said.description || (flow.description ?? said.description),
    path: null,
    parameter_openapi_schema: flow.parameterSchema,
    pull_steps: input.pullSteps,
    work_pool_name: work_pool.name,
    ...("work_queue_name" in work_pool && { work_queue_name: work_pool.work_queue_name ?? null }),
    ...(work_pool.job_variables && { job_variables: work_pool.job_variables }),
    ...(tags !== undefined && { tags: tags ?? [] }),
    ...(typeof paused === "boolean" && { paused }),
    ...(typeof enforce_parameter_schema === "boolean" && { enforce_parameter_schema }),
    ...schedulesOf(config, outputs),
  } as DeploymentFields;
}

/** The deployment there already is. */
export interface ExistingDeployment {
  readonly work_pool_name: string | null;
  readonly work_queue_name: string | null;
  readonly schedules: readonly DeploymentSchedule[];
}

/**
 * The fields for changing a deployment: what they leave open stays as it is. Schedules that would not change are left
 * out, so that they keep their ids and their runs.
 */
export function fieldsForChange(fields: DeploymentFields, existing: ExistingDeployment): DeploymentFields {
  const { schedules: asked, ...rest } = fields;
  const keepsQueue = fields.work_queue_name === undefined && existing.work_pool_name === fields.work_pool_name;
  const schedules = asked && keepScheduleState(asked, existing.schedules);
  const isChanged =
    schedules && !isDeepStrictEqual(comparableSchedules(schedules), comparableSchedules(existing.schedules));
  return {
    ...rest,
    // A pool without a queue would mean its default queue.
    ...(keepsQueue && { work_queue_name: existing.work_queue_name }),
    ...(isChanged && { schedules }),
  } as DeploymentFields;
}

function fill(template: unknown, { outputs, onMissing, keepMissing = false }: FieldsInput): unknown {
  return applyValues(template, {
    values: outputs,
    skipPrefix: "ctx.",
    keepMissing,
    ...(onMissing && { onMissing: ({ text }: { text: string }) => onMissing(text) }),
  });
}

/** One number, or a mapping with the options beside it. A number alone takes the options away. */
function withLimits({ concurrency_limit: limit, ...config }: DeploymentConfig): JsonObject {
  if (limit === undefined) return config;
  if (!isObject(limit)) return { ...config, concurrency_limit: limit, concurrency_options: null };
  const { collision_strategy, grace_period_seconds } = limit;
  const options = {
    ...(collision_strategy && { collision_strategy }),
    ...(grace_period_seconds !== null && grace_period_seconds !== undefined && { grace_period_seconds }),
  };
  const isSaid = Object.keys(options).length > 0;
  return { ...config, concurrency_limit: limit.limit ?? null, concurrency_options: isSaid ? options : null };
}

function schedulesOf(config: DeploymentConfig, outputs: JsonObject) {
  const written = writtenSchedules(config);
  if (written === undefined) return {};
  const filled = applyValues(written, { values: outputs }) as readonly ScheduleConfig[];
  return { schedules: filled.map(toScheduleRequest) };
}

function check(filled: unknown): s.Infer<typeof Said> {
  const parsed = Said.parse(filled);
  if (parsed.ok) return parsed.value;
  throw DeploymentConfigInvalid(parsed.errors.map(({ loc, msg }) => `${loc.join(".")}: ${msg}`));
}
