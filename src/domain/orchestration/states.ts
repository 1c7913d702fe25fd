import type { Ids } from "../../kit/ids.ts";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { State, StateDetails, StateType } from "./facts.ts";

export const TERMINAL_TYPES = ["COMPLETED", "CANCELLED", "FAILED", "CRASHED"] as const satisfies readonly StateType[];

/** The moment and the ids a new state takes. */
export interface Birth {
  readonly now: Timestamp;
  readonly ids: Ids;
}

const NO_DETAILS: StateDetails = {
  flow_run_id: null,
  task_run_id: null,
  child_flow_run_id: null,
  scheduled_time: null,
  cache_key: null,
  cache_expiration: null,
  deferred: false,
  untrackable_result: false,
  pause_timeout: null,
  pause_reschedule: false,
  pause_key: null,
  run_input_keyset: null,
  refresh_cache: null,
  retriable: null,
  transition_id: null,
  task_parameters_id: null,
  traceparent: null,
  deployment_concurrency_lease_id: null,
};

export interface StateFields {
  readonly type: StateType;
  readonly name?: string | null;
  readonly message?: string | null;
  readonly data?: unknown;
  readonly state_details?: Partial<StateDetails>;
}

/** A complete state with a new id; the name defaults to the type's, a SCHEDULED state's time to now. */
export function newState(fields: StateFields, birth: Birth): State {
  const details = { ...NO_DETAILS, ...fields.state_details };
  return {
    id: birth.ids.next(),
    type: fields.type,
    name: fields.name ?? defaultName(fields.type),
    timestamp: birth.now,
    message: fields.message ?? null,
    data: fields.data ?? null,
    state_details:
      fields.type === "SCHEDULED" ? { ...details, scheduled_time: details.scheduled_time || birth.now } : details,
  };
}

/** The same state as a new one: new id and timestamp, everything else kept. */
export function freshCopy(state: State, birth: Birth): State {
  return { ...state, id: birth.ids.next(), timestamp: birth.now };
}

export function isTerminal(state: { readonly type: StateType }): boolean {
  return (TERMINAL_TYPES as readonly StateType[]).includes(state.type);
}

/** True when the data of a state points at a stored result: an object whose type is not `unpersisted`. */
export function isPersistedResult(data: unknown): boolean {
  return typeof data === "object" && data !== null && !Array.isArray(data) && readType(data) !== "unpersisted";
}

/** True when leaving this state would leave a result behind. */
export function holdsResult({ data }: { readonly data: unknown }): boolean {
  return isPersistedResult(data) && Object.keys(data as object).length > 0;
}

/** True when a state's data is to be stored as a result artifact; `unpersisted` data is answered but not stored. */
export function isStorable(data: unknown): boolean {
  return (
    data !== null && data !== undefined && (isPersistedResult(data) || typeof data !== "object" || Array.isArray(data))
  );
}

function readType(data: object): unknown {
  return (data as { readonly type?: unknown }).type;
}

function defaultName(type: StateType): string {
  return type.charAt(0) + type.slice(1).toLowerCase();
}
