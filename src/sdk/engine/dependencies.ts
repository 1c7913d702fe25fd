import { DependsOnItself, UpstreamNotCompleted } from "../errors.ts";
import { type Future, isFuture } from "../future.ts";
import type { Parameters } from "../parameters/bind.ts";
import type { RunInput, Scope } from "../runtime/scope.ts";
import { isCompleted, isFailed, isState, outcomeValue, type State } from "../state.ts";
import { DESCEND, mapNested } from "./nested.ts";

/** Which runs each parameter comes from, as the API stores it. */
export function findTaskInputs(
  scope: Scope,
  parameters: Parameters,
  waitFor: readonly unknown[],
): Readonly<Record<string, readonly RunInput[]>> {
  const inputs: Record<string, readonly RunInput[]> = {};
  for (const [name, value] of Object.entries(parameters)) inputs[name] = findInputs(scope, value);
  if (waitFor.length > 0) inputs.wait_for = findInputs(scope, waitFor);
  const parent = scope.flowRun && scope.taskRun;
  if (parent) inputs.__parents__ = [{ input_type: "task_run", id: parent.run.id }];
  return inputs;
}

function findInputs(scope: Scope, value: unknown): readonly RunInput[] {
  const found = new Map<string, RunInput>();
  mapNested(value, (item) => {
    const input = inputOf(scope, item);
    if (!input) return DESCEND;
    found.set(input.id, input);
    return item;
  });
  return [...found.values()];
}

function inputOf(scope: Scope, item: unknown): RunInput | undefined {
  if (isFuture(item)) return { input_type: "task_run", id: item.taskRunId };
  if (isState(item)) return inputOfState(item);
  return scope.flowRun?.producers.get(item as object);
}

function inputOfState({ state_details: details }: State): RunInput | undefined {
  if (typeof details.task_run_id === "string") return { input_type: "task_run", id: details.task_run_id };
  return typeof details.flow_run_id === "string" ? { input_type: "flow_run", id: details.flow_run_id } : undefined;
}

/** Remembers which run returned an object, so that a later run given that object is linked to it. */
export function rememberProducer(scope: Scope, value: unknown, input: RunInput): void {
  if (typeof value === "object" && value !== null) scope.flowRun?.producers.set(value, input);
}

/** The final states of the futures a run was given. */
export type UpstreamStates = ReadonlyMap<unknown, State>;

/** Waits for every future inside the values, whatever their states become. */
export async function waitForUpstreams(
  values: unknown,
  own: { readonly id: string; readonly name: string } | undefined,
): Promise<UpstreamStates> {
  const futures = new Set<Future<unknown>>();
  mapNested(values, (item) => {
    if (!isFuture(item)) return DESCEND;
    if (item.taskRunId === own?.id) throw DependsOnItself(own.name);
    futures.add(item);
    return item;
  });
  const states = new Map<unknown, State>();
  for (const future of futures) states.set(future, await future.state());
  return states;
}

/** Futures and states replaced by the results of their runs. Throws UPSTREAM_NOT_COMPLETED. */
export function substituteResults<Value>(value: Value, states: UpstreamStates): Value {
  const substituted = mapNested(value, (item, { allowFailure }) => {
    const state = isFuture(item) ? states.get(item) : isState(item) ? item : undefined;
    if (!state) return DESCEND;
    if (isCompleted(state) || (allowFailure && mayBeAllowed(state))) return outcomeValue(state);
    throw UpstreamNotCompleted(String(state.state_details.task_run_id ?? state.state_details.flow_run_id));
  });
  return substituted as Value;
}

function mayBeAllowed(state: State): boolean {
  return isFailed(state) || (state.type === "PENDING" && state.name === "NotReady");
}
