import { addSeconds, secondsBetween, type Timestamp } from "../../kit/timestamp.ts";
import type { Event } from "../../schemas/event.ts";
import type { RunInput } from "../runtime/scope.ts";
import { isFinal, type State } from "../state.ts";

export interface TaskRunPolicy {
  readonly max_retries: 0;
  readonly retry_delay_seconds: 0;
  readonly retries: number;
  readonly retry_delay: number | readonly number[];
  readonly retry_jitter_factor?: number;
}

/** A task run as its engine knows it. The API learns of it from events only. */
export interface TaskRunRecord {
  readonly id: string;
  readonly flow_run_id: string | null;
  readonly name: string;
  readonly task_key: string;
  readonly dynamic_key: string;
  readonly task_version?: string;
  readonly empirical_policy: TaskRunPolicy;
  readonly tags: readonly string[];
  readonly labels: Readonly<Record<string, string | number | boolean>>;
  readonly task_inputs: Readonly<Record<string, readonly RunInput[]>>;
  readonly run_count: number;
  readonly flow_run_run_count: number;
  readonly expected_start_time: Timestamp;
  readonly start_time?: Timestamp;
  readonly end_time?: Timestamp;
  /** Seconds spent running. */
  readonly total_run_time: number;
  readonly state: State;
  /** The event of the present state, which the next one follows. */
  readonly lastEvent?: Event;
}

/** The run after it has entered `next`: its counts and times follow from the two states. */
export function enterState(run: TaskRunRecord, next: State): TaskRunRecord {
  const previous = run.state;
  const isSameInstant = previous.timestamp === next.timestamp;
  const timestamp = isSameInstant ? addSeconds(next.timestamp, 0.000001) : next.timestamp;
  const state_details = { ...next.state_details, task_run_id: run.id, flow_run_id: run.flow_run_id };
  const ran = previous.type === "RUNNING" ? secondsBetween(previous.timestamp, timestamp) : 0;
  return {
    ...run,
    state: { ...next, timestamp, state_details },
    run_count: run.run_count + (next.type === "RUNNING" ? 1 : 0),
    total_run_time: run.total_run_time + ran,
    ...(next.type === "RUNNING" && run.start_time === undefined && { start_time: timestamp }),
    ...(isFinal(next) && run.start_time !== undefined && run.end_time === undefined && { end_time: timestamp }),
  };
}
