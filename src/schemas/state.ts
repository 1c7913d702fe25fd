import * as s from "../kit/schema/schema.ts";
import { orNull } from "./common.ts";

export const STATE_TYPES = [
  "SCHEDULED",
  "PENDING",
  "RUNNING",
  "COMPLETED",
  "FAILED",
  "CANCELLED",
  "CRASHED",
  "PAUSED",
  "CANCELLING",
] as const;

export const StateType = s.oneOf(STATE_TYPES, "StateType");
export type StateType = s.Infer<typeof StateType>;

export const StateDetails = s.object("StateDetails", {
  flow_run_id: orNull(s.uuid()),
  task_run_id: orNull(s.uuid()),
  child_flow_run_id: orNull(s.uuid()),
  scheduled_time: orNull(s.dateTime()),
  cache_key: orNull(s.string()),
  cache_expiration: orNull(s.dateTime()),
  deferred: s.defaulted(s.nullable(s.boolean()), false),
  untrackable_result: s.defaulted(s.boolean(), false),
  pause_timeout: orNull(s.dateTime()),
  pause_reschedule: s.defaulted(s.boolean(), false),
  pause_key: orNull(s.string()),
  run_input_keyset: orNull(s.record(s.string())),
  refresh_cache: orNull(s.boolean()),
  retriable: orNull(s.boolean()),
  transition_id: orNull(s.uuid()),
  task_parameters_id: orNull(s.uuid()),
  traceparent: orNull(s.string()),
  deployment_concurrency_lease_id: orNull(s.uuid()),
});
export type StateDetails = s.Infer<typeof StateDetails>;

/** `SCHEDULED` → `Scheduled`: the name of a state that is given none. */
export function defaultStateName(type: StateType): string {
  return type.charAt(0) + type.slice(1).toLowerCase();
}

function withName<T extends { readonly type: StateType; readonly name: string | null }>(state: T) {
  return { ...state, name: state.name ?? defaultStateName(state.type) };
}

export const State = s.transform(
  s.object("State", {
    id: s.uuid(),
    type: StateType,
    name: orNull(s.string()),
    timestamp: s.supplied(s.dateTime()),
    message: orNull(s.string()),
    data: orNull(s.json()),
    state_details: s.defaulted(StateDetails, s.emptyOf(StateDetails)),
  }),
  withName,
);
export type State = s.Infer<typeof State>;

/** A state to propose. The server adds the time, and the scheduled time of a SCHEDULED state that has none. */
export const StateCreate = s.transform(
  s.object(
    "StateCreate",
    {
      type: StateType,
      name: orNull(s.string()),
      message: orNull(s.string()),
      data: orNull(s.json()),
      state_details: s.defaulted(StateDetails, s.emptyOf(StateDetails)),
    },
    { extra: "forbid" },
  ),
  withName,
);
export type StateCreate = s.Infer<typeof StateCreate>;

export const CountByState = s.object("CountByState", {
  COMPLETED: s.defaulted(s.integer(), 0),
  PENDING: s.defaulted(s.integer(), 0),
  RUNNING: s.defaulted(s.integer(), 0),
  FAILED: s.defaulted(s.integer(), 0),
  CANCELLED: s.defaulted(s.integer(), 0),
  CRASHED: s.defaulted(s.integer(), 0),
  PAUSED: s.defaulted(s.integer(), 0),
  CANCELLING: s.defaulted(s.integer(), 0),
  SCHEDULED: s.defaulted(s.integer(), 0),
});
export type CountByState = s.Infer<typeof CountByState>;
