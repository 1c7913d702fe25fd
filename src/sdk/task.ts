import type { OutputOf, StandardSchema } from "../kit/schema/standard-schema.ts";
import { callSite } from "./call-site.ts";
import { defineTask, sourceWith, splitDefinition, type TaskDefinition } from "./definitions.ts";
import { mapArguments } from "./engine/map-arguments.ts";
import { callTask, submitTask } from "./engine/start-task.ts";
import { type Future, FutureList } from "./future.ts";
import type { TaskOptions } from "./options.ts";
import type { RunContext } from "./runtime/run-context.ts";
import { resultOf, type State } from "./state.ts";
import { type SubmitOptions, splitSubmitOptions } from "./submit-options.ts";
import type { CallArgs, Inputs, MapInputs, SchemaArgs } from "./types.ts";

/** A function whose runs are recorded, retried and linked to the runs their arguments come from. */
export interface Task<Args extends readonly unknown[] = readonly unknown[], Result = unknown> {
  /** Runs the task here and gives what the function returns. */
  (...args: Inputs<Args>): Promise<Result>;
  readonly name: string;
  readonly key: string;
  /** Starts a run beside the flow's own code; arguments may be futures. Only inside a flow. */
  submit(...args: [...Inputs<Args>, options?: SubmitOptions]): Future<Result>;
  /** Submits one run for each item of the lists among the arguments, which must be of one length. */
  map(...args: [...MapInputs<Args>, options?: SubmitOptions]): FutureList<Result>;
  /** Runs the task here and gives its final state; never throws for a failed run. */
  withState(...args: Inputs<Args>): Promise<State<Result>>;
  /** The same task with some options changed. */
  withOptions(options: Omit<TaskOptions, "input">): Task<Args, Result>;
}

/**
 * Makes a task of a function. Its parameters are those of the function, or of the `input` schema; a last parameter called
 * `ctx` is given the run's context.
 *
 * @example
 * const fetchPage = task({ retries: 3, retryDelaySeconds: exponentialBackoff(1) }, async (url: string) => ...);
 */
export function task<Args extends readonly unknown[], Result>(
  fn: (...args: Args) => Result,
): Task<CallArgs<Args>, Awaited<Result>>;
export function task<Schema extends StandardSchema, Result>(
  options: TaskOptions<Schema> & { readonly input: Schema },
  fn: (parameters: OutputOf<Schema>, ctx: RunContext) => Result,
): Task<SchemaArgs<Schema>, Awaited<Result>>;
export function task<Args extends readonly unknown[], Result>(
  options: TaskOptions & { readonly input?: undefined },
  fn: (...args: Args) => Result,
): Task<CallArgs<Args>, Awaited<Result>>;
export function task(...given: readonly unknown[]): unknown {
  const [options, fn] = splitDefinition<TaskOptions>(given);
  return createTask(defineTask({ options, fn, site: callSite() }));
}

function createTask(definition: TaskDefinition): Task<never[], unknown> {
  const withState = (...args: readonly unknown[]) => callTask(definition, args);
  const call = async (...args: readonly unknown[]) => resultOf(await withState(...args));
  Object.defineProperty(call, "name", { value: definition.name });
  return Object.assign(call, {
    key: definition.key,
    withState,
    withOptions: (options: TaskOptions) => createTask(defineTask(sourceWith(definition, options))),
    submit: (...given: readonly unknown[]) => {
      const { args, options } = splitSubmitOptions(given);
      return submitTask(definition, args, options);
    },
    map: (...given: readonly unknown[]) => {
      const { args, options } = splitSubmitOptions(given);
      const list = new FutureList<unknown>();
      for (const runArgs of mapArguments(definition, args)) list.push(submitTask(definition, runArgs, options));
      return list;
    },
  });
}
