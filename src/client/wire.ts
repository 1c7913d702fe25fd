import type { StateDetails, StateType } from "../schemas/state.ts";

// Bodies of requests: what a caller may say, where the schemas say what the server makes of it.

/** A state a client asks for; the server stamps id and time. */
export interface StateCreate {
  readonly type: StateType;
  readonly name?: string | null;
  readonly message?: string | null;
  readonly data?: unknown;
  readonly state_details?: Partial<StateDetails>;
}

export type Labels = Readonly<Record<string, string | number | boolean>>;

/** Seconds before each retry, and how many there are. */
export interface FlowRunPolicy {
  readonly retries?: number | null;
  readonly retry_delay?: number | null;
}

/** The body of a list request: filters by resource name, plus paging. */
export interface ListQuery {
  readonly flows?: object;
  readonly flow_runs?: object;
  readonly task_runs?: object;
  readonly deployments?: object;
  readonly work_pools?: object;
  readonly work_pool_queues?: object;
  readonly sort?: string;
  readonly limit?: number;
  readonly offset?: number;
}
