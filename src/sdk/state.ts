import type { StateCreate } from "../client/wire.ts";
import type { StateDetails, StateType, State as WireState } from "../schemas/state.ts";
import { ResultMissing, RunCancelled, RunCrashed, RunFailed, RunPaused, RunUnfinished } from "./errors.ts";
import { clock, ids } from "./now.ts";

const outcomeKey: unique symbol = Symbol("prefect.state.outcome");

type Outcome<Result> =
  | { readonly kind: "value"; readonly value: Result }
  | { readonly kind: "error"; readonly error: unknown };

/** A state of a run, as it was at one moment. Read what the run returned or threw with `resultOf`. */
export interface State<Result = unknown> extends Omit<WireState, "state_details"> {
  readonly state_details: Partial<StateDetails>;
  readonly [outcomeKey]?: Outcome<Result>;
}

export interface StateOptions<Result = unknown> {
  /** @default the state's own name, for example "Completed" */
  readonly name?: string;
  readonly message?: string;
  /** What `resultOf` gives for a completed state. */
  readonly value?: Result;
  /** What `resultOf` throws for a failed state. */
  readonly error?: unknown;
  readonly details?: Partial<StateDetails>;
}

const NAMES: Readonly<Record<StateType, string>> = {
  SCHEDULED: "Scheduled",
  PENDING: "Pending",
  RUNNING: "Running",
  COMPLETED: "Completed",
  FAILED: "Failed",
  CANCELLED: "Cancelled",
  CRASHED: "Crashed",
  PAUSED: "Paused",
  CANCELLING: "Cancelling",
};

/** A state that no run is in yet; returned from a flow or task it becomes the run's final state. */
export function newState<Result>(type: StateType, options: StateOptions<Result> = {}): State<Result> {
  const outcome = outcomeOf(options);
  return {
    id: ids.next(),
    type,
    name: options.name ?? NAMES[type],
    timestamp: clock.now(),
    message: options.message ?? null,
    data: null,
    state_details: options.details ?? {},
    ...(outcome && { [outcomeKey]: outcome }),
  };
}

export const completed = <Result>(options?: StateOptions<Result>): State<Result> => newState("COMPLETED", options);
export const failed = (options?: StateOptions<never>): State<never> => newState("FAILED", options);
export const cancelled = (options?: StateOptions<never>): State<never> => newState("CANCELLED", options);

const FINAL_TYPES: ReadonlySet<StateType> = new Set(["COMPLETED", "FAILED", "CANCELLED", "CRASHED"]);

export const isFinal = (state: Pick<WireState, "type">): boolean => FINAL_TYPES.has(state.type);
export const isCompleted = (state: Pick<WireState, "type">): boolean => state.type === "COMPLETED";
export const isFailed = (state: Pick<WireState, "type">): boolean => state.type === "FAILED";

/** True for states made here or read from the API. */
export function isState(value: unknown): value is State {
  return (
    typeof value === "object" && value !== null && "state_details" in value && "type" in value && "timestamp" in value
  );
}

/** True when user code built the state, so no run has been in it. */
export function isUnused(state: State): boolean {
  return state.state_details.flow_run_id == null && state.state_details.task_run_id == null;
}

/** The state with what the API said about it, and with the outcome it had. */
export function withWire<Result>(state: State<Result>, wire: Partial<WireState>): State<Result> {
  return { ...state, ...wire };
}

/** What the API is told about a state; the outcome stays in this process. */
export function toStateCreate(state: State): StateCreate {
  const { type, name, message, data, state_details } = state;
  return { type, name, message, data, state_details };
}

/** The value the run returned. Throws what the run threw, or an error that says why there is no value. */
export function resultOf<Result>(state: State<Result>): Result {
  const outcome = state[outcomeKey];
  if (outcome?.kind === "error") throw outcome.error;
  if (state.type === "COMPLETED") {
    if (outcome) return outcome.value;
    throw ResultMissing();
  }
  throw missingResult(state);
}

/** What a run left behind: its value, or the error that stands for it. Never throws. */
export function outcomeValue(state: State): unknown {
  const outcome = state[outcomeKey];
  if (outcome) return outcome.kind === "value" ? outcome.value : outcome.error;
  return isCompleted(state) ? undefined : missingResult(state);
}

/** `Completed()`, `Failed('why')`: how a state is shown in logs. */
export function displayState(state: State): string {
  return state.message ? `${state.name}('${state.message}')` : `${state.name}()`;
}

function missingResult(state: State): Error {
  const message = state.message ?? `The run ended in state ${state.name}.`;
  if (state.type === "FAILED") return RunFailed(message);
  if (state.type === "CRASHED") return RunCrashed(message);
  if (state.type === "CANCELLED") return RunCancelled(message);
  if (state.type === "PAUSED") return RunPaused(message);
  return RunUnfinished(state.name);
}

function outcomeOf<Result>(options: StateOptions<Result>): Outcome<Result> | undefined {
  if ("error" in options) return { kind: "error", error: options.error };
  return "value" in options ? { kind: "value", value: options.value as Result } : undefined;
}
