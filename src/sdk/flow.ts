import type { OutputOf, StandardSchema } from "../kit/schema/standard-schema.ts";
import { callSite } from "./call-site.ts";
import { defineFlow, type FlowDefinition, sourceWith, splitDefinition } from "./definitions.ts";
import type { DeploymentOptions, FlowDeployment } from "./deployments/deployment.ts";
import { pickServeOptions, type ServeFlowOptions, serve } from "./deployments/serve.ts";
import { runFlow } from "./engine/run-flow.ts";
import type { FlowOptions } from "./options.ts";
import { bindArguments } from "./parameters/bind.ts";
import type { RunContext } from "./runtime/run-context.ts";
import { resultOf, type State } from "./state.ts";
import type { CallArgs, Inputs, SchemaArgs } from "./types.ts";

const definitionKey: unique symbol = Symbol("prefect.flow");

/** A function whose runs are recorded and orchestrated. Calling it runs it and gives what the function returns. */
export interface Flow<Args extends readonly unknown[] = readonly unknown[], Result = unknown> {
  (...args: Inputs<Args>): Promise<Result>;
  readonly name: string;
  readonly [definitionKey]: FlowDefinition;
  /** Runs the flow and gives its final state; never throws for a failed run. */
  withState(...args: Inputs<Args>): Promise<State<Result>>;
  /** A deployment of this flow, for `serve()`. */
  toDeployment(options?: DeploymentOptions): FlowDeployment;
  /** Registers a deployment of this flow and carries out its runs until the process is told to stop. */
  serve(options?: ServeFlowOptions): Promise<void>;
  /** The same flow with some options changed. */
  withOptions(options: Omit<FlowOptions, "input">): Flow<Args, Result>;
}

/**
 * Makes a flow of a function. Its parameters are those of the function, or of the `input` schema; a last parameter called
 * `ctx` is given the run's context.
 *
 * @example
 * export const hello = flow({ name: "hello", retries: 1 }, async (name: string) => `Hello, ${name}!`);
 * await hello("world");
 */
export function flow<Args extends readonly unknown[], Result>(
  fn: (...args: Args) => Result,
): Flow<CallArgs<Args>, Awaited<Result>>;
export function flow<Schema extends StandardSchema, Result>(
  options: FlowOptions<Schema> & { readonly input: Schema },
  fn: (parameters: OutputOf<Schema>, ctx: RunContext) => Result,
): Flow<SchemaArgs<Schema>, Awaited<Result>>;
export function flow<Args extends readonly unknown[], Result>(
  options: FlowOptions & { readonly input?: undefined },
  fn: (...args: Args) => Result,
): Flow<CallArgs<Args>, Awaited<Result>>;
export function flow(...given: readonly unknown[]): unknown {
  const [options, fn] = splitDefinition<FlowOptions>(given);
  return createFlow(defineFlow({ options, fn, site: callSite() }));
}

/** What the engine knows of a flow. */
export function flowDefinition(made: Flow<never[]>): FlowDefinition {
  return made[definitionKey];
}

export function isFlow(value: unknown): value is Flow<never[]> {
  return typeof value === "function" && definitionKey in value;
}

function createFlow(definition: FlowDefinition): Flow<never[], unknown> {
  const withState = (...args: readonly unknown[]) =>
    runFlow({ definition, parameters: bindArguments(definition.binding, args), waitFor: [] });
  const call = async (...args: readonly unknown[]) => resultOf(await withState(...args));
  Object.defineProperty(call, "name", { value: definition.name });
  return Object.assign(call, {
    [definitionKey]: definition,
    withState,
    toDeployment: (options: DeploymentOptions = {}) => ({ definition, options }),
    serve: (options: ServeFlowOptions = {}) => serve({ definition, options }, pickServeOptions(options)),
    withOptions: (options: FlowOptions) =>
      createFlow({ ...defineFlow(sourceWith(definition, options)), callSite: definition.callSite }),
  });
}
