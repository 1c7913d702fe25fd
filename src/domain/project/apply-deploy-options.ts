import { parseJson } from "../../kit/json.ts";
import { isObject, type JsonObject } from "../parameters/json-types.ts";
import { DeployOptionInvalid } from "./errors.ts";
import { type DeploymentConfig, type ScheduleConfig, writtenSchedules } from "./project-file.ts";

/** What `prefect deploy` was told on the command line; undefined where it was not. */
export interface DeployOptions {
  readonly entrypoint?: string | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly version?: string | undefined;
  readonly versionType?: string | undefined;
  readonly tags: readonly string[];
  readonly concurrencyLimit?: number | undefined;
  readonly collisionStrategy?: string | undefined;
  readonly workPool?: string | undefined;
  readonly workQueue?: string | undefined;
  /** `key=value`, or a JSON object. */
  readonly jobVariables: readonly string[];
  readonly cron: readonly string[];
  readonly intervalSeconds: readonly number[];
  readonly rrule: readonly string[];
  readonly anchorDate?: string | undefined;
  readonly timezone?: string | undefined;
  /** `key=value`, the value JSON or a text. */
  readonly param: readonly string[];
  /** A JSON object. */
  readonly params?: string | undefined;
  readonly enforceParameterSchema: boolean;
}

/** An entry of prefect.yaml with the options of the command line in place of what it says. Throws DEPLOY_OPTION_INVALID. */
export function applyDeployOptions(config: DeploymentConfig, options: DeployOptions): DeploymentConfig {
  const { entrypoint, name, description, version, versionType, tags, concurrencyLimit } = options;
  if (options.param.length > 0 && options.params !== undefined) {
    throw DeployOptionInvalid("--param", "give --param or --params, not both.");
  }
  return {
    ...config,
    ...defined({ entrypoint, name, description, version, version_type: versionType }),
    ...(tags.length > 0 && { tags }),
    ...(concurrencyLimit !== undefined && { concurrency_limit: limitOf(concurrencyLimit, options) }),
    ...(!options.enforceParameterSchema && { enforce_parameter_schema: false }),
    ...workPool(config, options),
    ...schedules(config, options),
    ...parameters(config, options),
  };
}

/** The job variables given on the command line; steps and templates see them, too. */
export function jobVariablesOf(options: Pick<DeployOptions, "jobVariables">): JsonObject {
  return Object.assign({}, ...options.jobVariables.map(jobVariable));
}

function jobVariable(text: string): JsonObject {
  const at = text.indexOf("=");
  if (at !== -1 && !text.trimStart().startsWith("{")) return { [text.slice(0, at)]: text.slice(at + 1) };
  const value = jsonOf(text);
  if (isObject(value)) return value;
  throw DeployOptionInvalid("--job-variable", `'${text}' is neither key=value nor a JSON object.`);
}

function limitOf(
  limit: number,
  { collisionStrategy }: DeployOptions,
): NonNullable<DeploymentConfig["concurrency_limit"]> {
  return collisionStrategy === undefined ? limit : { limit, collision_strategy: collisionStrategy };
}

function workPool(config: DeploymentConfig, options: DeployOptions): Pick<DeploymentConfig, "work_pool"> {
  const variables = jobVariablesOf(options);
  const given = defined({ name: options.workPool, work_queue_name: options.workQueue });
  const hasVariables = Object.keys(variables).length > 0;
  if (Object.keys(given).length === 0 && !hasVariables) return {};
  const { job_variables = {}, ...pool } = config.work_pool ?? {};
  const isSaid = hasVariables || config.work_pool?.job_variables !== undefined;
  return { work_pool: { ...pool, ...given, ...(isSaid && { job_variables: { ...job_variables, ...variables } }) } };
}

function schedules(config: DeploymentConfig, options: DeployOptions): Pick<DeploymentConfig, "schedule" | "schedules"> {
  const { anchorDate, timezone } = options;
  const given: readonly ScheduleConfig[] = [
    ...options.cron.map((cron) => ({ cron })),
    ...options.intervalSeconds.map((interval) => ({ interval })),
    ...options.rrule.map((rrule) => ({ rrule })),
  ];
  const written = writtenSchedules(config);
  if (given.length === 0 && written === undefined) return {};
  const all = [...(written ?? []), ...given].map((schedule) => ({
    ...schedule,
    ...(anchorDate !== undefined && schedule.interval && { anchor_date: anchorDate }),
    ...(timezone !== undefined && { timezone }),
  }));
  return { schedule: null, schedules: all };
}

function parameters(config: DeploymentConfig, options: DeployOptions): Pick<DeploymentConfig, "parameters"> {
  if (options.param.length === 0 && options.params === undefined) return {};
  return {
    parameters: { ...config.parameters, ...paramsOf(options), ...Object.assign({}, ...options.param.map(param)) },
  };
}

function paramsOf({ params }: DeployOptions): JsonObject {
  if (params === undefined) return {};
  const value = jsonOf(params);
  if (isObject(value)) return value;
  throw DeployOptionInvalid("--params", `'${params}' is no JSON object.`);
}

function param(text: string): JsonObject {
  const at = text.indexOf("=");
  if (at === -1) throw DeployOptionInvalid("--param", `'${text}' is not key=value.`);
  const written = text.slice(at + 1);
  return { [text.slice(0, at)]: jsonOf(written) ?? (written === "null" ? null : written) };
}

/** Undefined when the text is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Defined<T>;
}
