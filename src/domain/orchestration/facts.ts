import type { Timestamp } from "../../kit/timestamp.ts";

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
export type StateType = (typeof STATE_TYPES)[number];

/** The details of a state that orchestration reads or writes; a wire state carries more, which pass through untouched. */
export interface StateDetails {
  readonly flow_run_id: string | null;
  readonly task_run_id: string | null;
  readonly child_flow_run_id: string | null;
  readonly scheduled_time: Timestamp | null;
  readonly cache_key: string | null;
  readonly cache_expiration: Timestamp | null;
  readonly deferred: boolean | null;
  readonly untrackable_result: boolean;
  readonly pause_timeout: Timestamp | null;
  readonly pause_reschedule: boolean;
  readonly pause_key: string | null;
  readonly run_input_keyset: Readonly<Record<string, string>> | null;
  readonly refresh_cache: boolean | null;
  readonly retriable: boolean | null;
  readonly transition_id: string | null;
  readonly task_parameters_id: string | null;
  readonly traceparent: string | null;
  readonly deployment_concurrency_lease_id: string | null;
}

export interface State {
  readonly id: string;
  readonly type: StateType;
  readonly name: string;
  readonly timestamp: Timestamp;
  readonly message: string | null;
  readonly data: unknown;
  readonly state_details: StateDetails;
}

/** The columns both kinds of run share and orchestration reads or writes. */
export interface RunColumns {
  readonly id: string;
  readonly run_count: number;
  readonly state_id: string | null;
  readonly state_type: StateType | null;
  readonly state_name: string | null;
  readonly state_timestamp: Timestamp | null;
  readonly start_time: Timestamp | null;
  readonly end_time: Timestamp | null;
  readonly expected_start_time: Timestamp | null;
  readonly next_scheduled_start_time: Timestamp | null;
  /** Seconds, to the microsecond. */
  readonly total_run_time: number;
}

/** Where old clients put their retries. */
export interface DeprecatedRetries {
  readonly max_retries?: number;
  readonly retry_delay_seconds?: number;
}

export interface FlowRunPolicy extends DeprecatedRetries {
  readonly retries: number | null;
  /** Seconds. */
  readonly retry_delay: number | null;
  readonly pause_keys: readonly string[] | null;
  readonly resuming: boolean | null;
  readonly retry_type: "in_process" | "reschedule" | null;
}

export interface FlowRunColumns extends RunColumns {
  readonly deployment_id: string | null;
  readonly parent_task_run_id: string | null;
  readonly infrastructure_pid: string | null;
  readonly empirical_policy: FlowRunPolicy;
}

export interface TaskRunPolicy extends DeprecatedRetries {
  readonly retries: number | null;
  /** Seconds; a list gives one delay per retry, its last entry repeating. */
  readonly retry_delay: number | readonly number[] | null;
  readonly retry_jitter_factor: number | null;
}

export interface TaskRunColumns extends RunColumns {
  readonly flow_run_id: string | null;
  /** The attempt of the flow run this task run last ran in. */
  readonly flow_run_run_count: number;
  readonly task_key: string;
  readonly tags: readonly string[];
  readonly empirical_policy: TaskRunPolicy;
}

export interface ConcurrencyLimitFact {
  readonly id: string;
  readonly active: boolean;
  readonly limit: number;
  /** As stored. */
  readonly active_slots: number;
  /** `active_slots` after slot decay up to now. */
  readonly occupiedSlots: number;
}

export interface DeploymentFact {
  readonly id: string;
  readonly concurrency_limit: ConcurrencyLimitFact | null;
  readonly concurrency_options: {
    readonly collision_strategy: "ENQUEUE" | "CANCEL_NEW";
    readonly grace_period_seconds?: number | null;
  } | null;
}

/** A global limit named `tag:<tag>`. */
export interface TagLimitFact extends ConcurrencyLimitFact {
  readonly tag: string;
  readonly avg_slot_occupancy_seconds: number;
}

/** A row of the first generation of tag limits, which lists the task runs that hold its slots. */
export interface LegacyTagLimitFact {
  readonly tag: string;
  readonly concurrency_limit: number;
  readonly active_slots: readonly string[];
}

/** What rules may need from outside, each read under the run's lock; `null` means looked for and not there. */
export interface Facts {
  /** The run's deployment. */
  readonly deployment: DeploymentFact | null;
  /** True when the lease named by the current state still exists (expired but not yet reclaimed counts as existing). */
  readonly hasDeploymentLease: boolean;
  /** The unexpired cached state most recently stored under the proposed state's cache key, with its data. */
  readonly cachedState: State | null;
  /** The flow run that encloses a task run. */
  readonly flowRun: { readonly id: string; readonly run_count: number; readonly state: State | null } | null;
  /** Limits on the task run's tags; `legacy` in order of tag. */
  readonly tagLimits: { readonly current: readonly TagLimitFact[]; readonly legacy: readonly LegacyTagLimitFact[] };
  /** Timestamps of the flow run's stored states that are not before the proposed state's. */
  readonly stateTimestamps: readonly Timestamp[];
}

export type FactName = keyof Facts;

/** Who asks. Both are unknown for the server's own transitions and for callers that do not say. */
export interface Client {
  /** Prefect version of the client, from its User-Agent. */
  readonly version?: string;
  /** `X-PREFECT-API-VERSION`. */
  readonly apiVersion?: string;
}

/** Server settings that rules read. */
export interface OrchestrationSettings {
  /** `server.deployments.concurrency_slot_wait_seconds` */
  readonly deploymentSlotWaitSeconds: number;
  /** `server.concurrency.initial_deployment_lease_duration` */
  readonly deploymentLeaseSeconds: number;
  /** `server.tasks.tag_concurrency_slot_wait_seconds` */
  readonly tagSlotWaitSeconds: number;
  /** `server.tasks.max_cache_key_length` */
  readonly maxCacheKeyLength: number;
}
