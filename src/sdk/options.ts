import type { StandardSchema } from "../kit/schema/standard-schema.ts";
import type { FlowRunResponse as FlowRun } from "../schemas/flow-run.ts";
import type { TaskRunRecord } from "./engine/task-run-record.ts";
import type { Parameters } from "./parameters/bind.ts";
import type { State } from "./state.ts";

/** What hooks and conditions are told about the flow or task they belong to. */
interface Named {
  readonly name: string;
}

/** Called when a flow run enters a state; what it throws is logged, never raised. */
export type FlowHook = (flow: Named, flowRun: FlowRun, state: State) => unknown;

/** Called when a task run enters a state; what it throws is logged, never raised. */
export type TaskHook = (task: Named, taskRun: TaskRunRecord, state: State) => unknown;

/** Seconds before each retry: one for all, a list (the last one repeats), or a function of the number of retries. */
export type RetryDelaySeconds = number | readonly number[] | ((retries: number) => readonly number[]);

/** A template such as `"fetch {url}"`, or a function of the parameters. */
export type RunName = string | ((parameters: Parameters) => string | Promise<string>);

/** Decides whether a failed task run is tried again. */
type RetryCondition = (failure: {
  readonly error: unknown;
  readonly task: Named;
  readonly taskRun: TaskRunRecord;
  readonly state: State;
}) => boolean | Promise<boolean>;

interface RunOptions<Schema extends StandardSchema> {
  /** @default the function's name */
  readonly name?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  /** Validates and coerces the parameters, and describes them to the API. */
  readonly input?: Schema;
  /** @default the PREFECT_FLOWS_DEFAULT_RETRIES or PREFECT_TASKS_DEFAULT_RETRIES setting, 0 */
  readonly retries?: number;
  /** Aborts the run's signal and fails the attempt. @default no limit */
  readonly timeoutSeconds?: number;
  /** Turns what the code prints to the console into logs. @default that of the flow around, else PREFECT_LOGGING_LOG_PRINTS */
  readonly logPrints?: boolean;
  readonly version?: string;
}

export interface FlowOptions<Schema extends StandardSchema = StandardSchema> extends RunOptions<Schema> {
  /** Seconds before each retry. @default 0 */
  readonly retryDelaySeconds?: number;
  /** @default a name the server makes up */
  readonly flowRunName?: RunName;
  /** Whether `input` is applied. @default true */
  readonly validateParameters?: boolean;
  /** Most submitted task runs at once. @default PREFECT_TASKS_RUNNER_THREAD_POOL_MAX_WORKERS, unlimited */
  readonly maxConcurrentTasks?: number;
  readonly onRunning?: readonly FlowHook[];
  readonly onCompletion?: readonly FlowHook[];
  readonly onFailure?: readonly FlowHook[];
  readonly onCancellation?: readonly FlowHook[];
  readonly onCrashed?: readonly FlowHook[];
}

export interface TaskOptions<Schema extends StandardSchema = StandardSchema> extends RunOptions<Schema> {
  /** @default 0 */
  readonly retryDelaySeconds?: RetryDelaySeconds;
  /** Spreads each delay by up to this factor. @default 0 */
  readonly retryJitterFactor?: number;
  /** @default every failure is retried */
  readonly retryIf?: RetryCondition;
  /** @default the task's name and three characters */
  readonly taskRunName?: RunName;
  /** Identifies the task across releases. @default its name and a hash of its source */
  readonly key?: string;
  readonly onRunning?: readonly TaskHook[];
  readonly onCompletion?: readonly TaskHook[];
  readonly onFailure?: readonly TaskHook[];
}

/** Delays of 1, 2, 4, ... times `factorSeconds`. */
export function exponentialBackoff(factorSeconds: number): (retries: number) => readonly number[] {
  return (retries) => Array.from({ length: retries }, (_, attempt) => factorSeconds * 2 ** attempt);
}
