import type { Timestamp } from "../kit/timestamp.ts";

// What the API answers, as far as the client and the SDK look inside.

export type StateType =
  | "SCHEDULED"
  | "PENDING"
  | "RUNNING"
  | "COMPLETED"
  | "FAILED"
  | "CANCELLED"
  | "CRASHED"
  | "PAUSED"
  | "CANCELLING";

export type StateDetails = Readonly<Record<string, unknown>>;

export interface State {
  readonly id: string;
  readonly type: StateType;
  readonly name: string;
  readonly timestamp: Timestamp;
  readonly message: string | null;
  readonly data: unknown;
  readonly state_details: StateDetails;
}

/** A state a client asks for; the server stamps id and time. */
export interface StateCreate {
  readonly type: StateType;
  readonly name?: string | null;
  readonly message?: string | null;
  readonly data?: unknown;
  readonly state_details?: StateDetails;
}

export interface OrchestrationResult {
  readonly state: State | null;
  readonly status: "ACCEPT" | "REJECT" | "WAIT" | "ABORT";
  readonly details: { readonly type: string; readonly delay_seconds?: number; readonly reason?: string | null };
}

export interface Flow {
  readonly id: string;
  readonly created: Timestamp;
  readonly updated: Timestamp;
  readonly name: string;
  readonly tags: readonly string[];
  readonly labels: Labels;
}

export type Labels = Readonly<Record<string, string | number | boolean>>;

export interface FlowRunPolicy {
  readonly retries?: number | null;
  readonly retry_delay?: number | null;
  readonly [key: string]: unknown;
}

export interface FlowRun {
  readonly id: string;
  readonly created: Timestamp;
  readonly updated: Timestamp;
  readonly name: string;
  readonly flow_id: string;
  readonly deployment_id: string | null;
  readonly flow_version: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>>;
  readonly empirical_policy: FlowRunPolicy;
  readonly tags: readonly string[];
  readonly labels: Labels;
  readonly parent_task_run_id: string | null;
  readonly run_count: number;
  readonly expected_start_time: Timestamp | null;
  readonly next_scheduled_start_time: Timestamp | null;
  readonly start_time: Timestamp | null;
  readonly end_time: Timestamp | null;
  readonly total_run_time: number;
  readonly infrastructure_pid: string | null;
  readonly work_queue_id: string | null;
  readonly work_queue_name: string | null;
  readonly work_pool_id: string | null;
  readonly work_pool_name: string | null;
  readonly job_variables: Readonly<Record<string, unknown>> | null;
  readonly state: State | null;
  readonly state_id: string | null;
  readonly state_type: StateType | null;
  readonly state_name: string | null;
}

export interface TaskRun {
  readonly id: string;
  readonly created: Timestamp;
  readonly updated: Timestamp;
  readonly name: string;
  readonly flow_run_id: string | null;
  readonly task_key: string;
  readonly dynamic_key: string;
  readonly tags: readonly string[];
  readonly labels: Labels;
  readonly task_inputs: Readonly<Record<string, readonly unknown[]>>;
  readonly run_count: number;
  readonly flow_run_run_count: number;
  readonly expected_start_time: Timestamp | null;
  readonly start_time: Timestamp | null;
  readonly end_time: Timestamp | null;
  readonly total_run_time: number;
  readonly state: State | null;
  readonly state_type: StateType | null;
  readonly state_name: string | null;
}

export interface Deployment {
  readonly id: string;
  readonly created: Timestamp;
  readonly updated: Timestamp;
  readonly name: string;
  readonly flow_id: string;
  readonly version: string | null;
  readonly description: string | null;
  readonly entrypoint: string | null;
  readonly path: string | null;
  readonly paused: boolean;
  readonly status: string | null;
  readonly tags: readonly string[];
  readonly labels: Labels;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly parameter_openapi_schema: object | null;
  readonly enforce_parameter_schema: boolean;
  readonly schedules: readonly DeploymentSchedule[];
  readonly pull_steps: readonly object[] | null;
  readonly work_pool_name: string | null;
  readonly work_queue_name: string | null;
  readonly job_variables: Readonly<Record<string, unknown>>;
}

export interface DeploymentSchedule {
  readonly id: string;
  readonly schedule: object;
  readonly active: boolean;
  readonly slug: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface LogRecord {
  readonly name: string;
  /** 10 debug, 20 info, 30 warning, 40 error, 50 critical. */
  readonly level: number;
  readonly message: string;
  readonly timestamp: Timestamp;
  readonly flow_run_id: string | null;
  readonly task_run_id: string | null;
}

export interface Log extends LogRecord {
  readonly id: string;
  readonly created: Timestamp;
}

export interface WorkPool {
  readonly id: string;
  readonly created: Timestamp;
  readonly updated: Timestamp;
  readonly name: string;
  readonly description: string | null;
  readonly type: string;
  readonly base_job_template: Readonly<Record<string, unknown>>;
  readonly is_paused: boolean;
  readonly concurrency_limit: number | null;
  readonly status: string | null;
  readonly default_queue_id: string | null;
}

export interface Variable {
  readonly id: string;
  readonly name: string;
  readonly value: unknown;
  readonly tags: readonly string[];
}

export interface Artifact {
  readonly id: string;
  readonly created: Timestamp;
  readonly updated: Timestamp;
  readonly key: string | null;
  readonly type: string | null;
  readonly description: string | null;
  readonly data: unknown;
  readonly flow_run_id: string | null;
  readonly task_run_id: string | null;
}

export interface FlowRunInput {
  readonly id: string;
  readonly flow_run_id: string;
  readonly key: string;
  readonly value: string;
  readonly sender: string | null;
}

export interface Event {
  readonly id: string;
  readonly occurred: Timestamp;
  readonly event: string;
  readonly resource: Readonly<Record<string, string>>;
  readonly related: readonly Readonly<Record<string, string>>[];
  readonly payload: Readonly<Record<string, unknown>>;
  readonly follows: string | null;
}

export interface LeaseGrant {
  readonly lease_id: string;
  readonly limits: readonly { readonly id: string; readonly name: string; readonly limit: number }[];
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
